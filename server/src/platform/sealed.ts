import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto'

const NONCE_BYTES = 12
const TAG_BYTES = 16
/** Layout and cipher, so that another one can follow. */
const VERSION = 1

const aadOf = (about: string): Buffer => Buffer.from(`chenu/sealed/${VERSION}/${about}`)

/**
 * What must not be read in the database, as it lies there: AES-256-GCM under a key of 32 bytes, each time with a nonce of its
 * own; version, nonce, tag, ciphertext. `about` names the row that holds it and is authenticated with it, so that what is
 * moved to another row does not open there.
 */
export function seal(key: Buffer, plain: string | Buffer, about: string): Buffer {
  const nonce = randomBytes(NONCE_BYTES)
  const cipher = createCipheriv('aes-256-gcm', key, nonce, { authTagLength: TAG_BYTES })
  cipher.setAAD(aadOf(about))
  const body = Buffer.concat([cipher.update(plain), cipher.final()])
  return Buffer.concat([Buffer.of(VERSION), nonce, cipher.getAuthTag(), body])
}

/** What was sealed; undefined when the key or the row is another, or a single bit was changed or cut. */
export function unseal(key: Buffer, sealed: Buffer, about: string): Buffer | undefined {
  if (sealed[0] !== VERSION || sealed.length < 1 + NONCE_BYTES + TAG_BYTES) return undefined
  const [nonceEnd, tagEnd] = [1 + NONCE_BYTES, 1 + NONCE_BYTES + TAG_BYTES]
  const decipher = createDecipheriv('aes-256-gcm', key, sealed.subarray(1, nonceEnd), { authTagLength: TAG_BYTES })
  decipher.setAAD(aadOf(about))
  decipher.setAuthTag(sealed.subarray(nonceEnd, tagEnd))
  try {
    return Buffer.concat([decipher.update(sealed.subarray(tagEnd)), decipher.final()])
  } catch {
    return undefined
  }
}

/** The same for text where text is kept: base64url. */
export const sealText = (key: Buffer, plain: string | Buffer, about: string): string => seal(key, plain, about).toString('base64url')

/** What was sealed as text, in the one spelling that was given. */
export function unsealText(key: Buffer, sealed: string, about: string): Buffer | undefined {
  const bytes = Buffer.from(sealed, 'base64url')
  return bytes.toString('base64url') === sealed ? unseal(key, bytes, about) : undefined
}
