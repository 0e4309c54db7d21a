import { createHash, createPrivateKey, createPublicKey, sign, verify, type KeyObject } from 'node:crypto'

/** What DER puts before the 32 bytes of an Ed25519 key (RFC 8410). */
const PRIVATE_PREFIX = Buffer.from('302e020100300506032b657004220420', 'hex')
const PUBLIC_PREFIX = Buffer.from('302a300506032b6570032100', 'hex')
export const KEY_BYTES = 32

/** Signs checkpoints as one instance. */
export type Signer = { keyId: string; /** 32 bytes in base64url. */ publicKey: string; sign(text: string): string }

/** Names a public key: the beginning of its SHA-256. */
export const keyIdOf = (publicKey: string): string => createHash('sha256').update(Buffer.from(publicKey, 'base64url')).digest('hex').slice(0, 16)

export function createSigner(seed: Buffer): Signer {
  const secret = createPrivateKey({ key: Buffer.concat([PRIVATE_PREFIX, seed]), format: 'der', type: 'pkcs8' })
  const publicKey = (createPublicKey(secret).export({ format: 'der', type: 'spki' }) as Buffer).subarray(-KEY_BYTES).toString('base64url')
  return { keyId: keyIdOf(publicKey), publicKey, sign: (text) => sign(null, Buffer.from(text), secret).toString('base64url') }
}

/** True when the holder of the public key signed this text. */
export function isSigned(publicKey: string, text: string, signature: string): boolean {
  const key = readPublicKey(publicKey)
  return key !== undefined && verify(null, Buffer.from(text), key, Buffer.from(signature, 'base64url'))
}

function readPublicKey(publicKey: string): KeyObject | undefined {
  const bytes = Buffer.from(publicKey, 'base64url')
  return bytes.length === KEY_BYTES ? createPublicKey({ key: Buffer.concat([PUBLIC_PREFIX, bytes]), format: 'der', type: 'spki' }) : undefined
}
