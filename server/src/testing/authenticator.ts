import { createHash, generateKeyPairSync, randomBytes, sign, type KeyObject } from 'node:crypto'
import { isoCBOR } from '@simplewebauthn/server/helpers'

type Options = Record<string, unknown> & { challenge: string }

/** An authenticator in software: makes ES256 passkeys and signs with them, as a security key does. Tests make it lie. */
export type Authenticator = {
  create(options: Options, lies?: Lies): unknown
  get(options: Options, lies?: Lies): Assertion
  /** What it counted so far. */
  counter: number
}
// eslint-disable-next-line typescript/no-explicit-any -- tests change parts of it
type Assertion = any
export type Lies = { origin?: string; rpId?: string; type?: string; userVerified?: boolean; challenge?: string; key?: KeyObject; handle?: string }

const b64 = (bytes: Uint8Array): string => Buffer.from(bytes).toString('base64url')
const sha256 = (bytes: Uint8Array | string): Buffer => createHash('sha256').update(bytes).digest()

export function createAuthenticator({ origin, counts = true }: { origin: string; counts?: boolean }): Authenticator {
  const rpId = new URL(origin).hostname
  const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  const credentialId = randomBytes(32)
  let userHandle = ''
  const state = { counter: 0 }

  const clientData = (type: string, challenge: string, lies: Lies): Buffer => Buffer.from(JSON.stringify({ type: lies.type ?? type, challenge: lies.challenge ?? challenge, origin: lies.origin ?? origin, crossOrigin: false }))
  function authData(lies: Lies, attested?: Buffer): Buffer {
    if (counts) state.counter += 1
    const flags = 0x01 | (lies.userVerified === false ? 0 : 0x04) | (attested ? 0x40 : 0)
    const counter = Buffer.alloc(4)
    counter.writeUInt32BE(state.counter)
    return Buffer.concat([sha256(lies.rpId ?? rpId), Buffer.of(flags), counter, attested ?? Buffer.alloc(0)])
  }
  function cose(): Uint8Array {
    const { x = '', y = '' } = publicKey.export({ format: 'jwk' })
    return isoCBOR.encode(new Map<number, number | Uint8Array>([[1, 2], [3, -7], [-1, 1], [-2, new Uint8Array(Buffer.from(x, 'base64url'))], [-3, new Uint8Array(Buffer.from(y, 'base64url'))]]))
  }
  const shared = { id: b64(credentialId), rawId: b64(credentialId), type: 'public-key', clientExtensionResults: {} }

  return {
    get counter() { return state.counter },
    set counter(value) { state.counter = value },
    create(options, lies = {}) {
      userHandle = (options.user as { id: string }).id
      const length = Buffer.alloc(2)
      length.writeUInt16BE(credentialId.length)
      const attested = Buffer.concat([Buffer.alloc(16), length, credentialId, cose()])
      const attestation = isoCBOR.encode(new Map<string, unknown>([['fmt', 'none'], ['attStmt', new Map()], ['authData', new Uint8Array(authData(lies, attested))]]) as never)
      return { ...shared, response: { clientDataJSON: b64(clientData('webauthn.create', options.challenge, lies)), attestationObject: b64(attestation), transports: ['internal'] } }
    },
    get(options, lies = {}) {
      const data = authData(lies)
      const client = clientData('webauthn.get', options.challenge, lies)
      const signature = sign('sha256', Buffer.concat([data, sha256(client)]), lies.key ?? privateKey)
      return { ...shared, response: { clientDataJSON: b64(client), authenticatorData: b64(data), signature: b64(signature), userHandle: lies.handle ?? userHandle } }
    },
  }
}
