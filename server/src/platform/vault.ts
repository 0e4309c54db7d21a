import { createCipheriv, createDecipheriv, createHash, randomBytes } from 'node:crypto'

const NONCE_BYTES = 12
const TAG_BYTES = 16

/** Seals with AES-256-GCM under a nonce of its own: base64url of nonce, ciphertext and tag. `about` must be given again to open it. */
export function seal(key: Buffer, plain: string | Buffer, about: string): string {
  const nonce = randomBytes(NONCE_BYTES)
  const cipher = createCipheriv('aes-256-gcm', key, nonce).setAAD(Buffer.from(about))
  return Buffer.concat([nonce, cipher.update(plain), cipher.final(), cipher.getAuthTag()]).toString('base64url')
}

/** What was sealed; undefined when the key, the text or what it is about is another. */
export function unseal(key: Buffer, sealed: string, about: string): Buffer | undefined {
  const bytes = Buffer.from(sealed, 'base64url')
  if (bytes.length < NONCE_BYTES + TAG_BYTES) return undefined
  try {
    const decipher = createDecipheriv('aes-256-gcm', key, bytes.subarray(0, NONCE_BYTES), { authTagLength: TAG_BYTES }).setAAD(Buffer.from(about))
    decipher.setAuthTag(bytes.subarray(-TAG_BYTES))
    return Buffer.concat([decipher.update(bytes.subarray(NONCE_BYTES, -TAG_BYTES)), decipher.final()])
  } catch {
    return undefined
  }
}

/** Wraps the data keys that lie in the database with a key that does not. */
export type Vault = {
  /** Names the wrapping key without telling it, so that what another one wrapped is told apart. */
  id: string
  wrap(key: Buffer, about: string): string
  unwrap(wrapped: string, about: string): Buffer | undefined
}

/** `previous` opens what was wrapped before the instance's secret changed; nothing new is wrapped with it. */
export const createVault = (master: Buffer, previous?: Buffer): Vault => ({
  id: createHash('sha256').update('chenu/vault').update(master).digest('hex').slice(0, 16),
  wrap: (key, about) => seal(master, key, about),
  unwrap: (wrapped, about) => unseal(master, wrapped, about) ?? (previous && unseal(previous, wrapped, about)),
})
