import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto'

const NONCE_BYTES = 12
const TAG_BYTES = 16
/** Layout and cipher, so that another one can follow. */
const VERSION = 1

const aadOf = (about: string): Buffer => Buffer.from(`chenu/sealed/${VERSION}/${about}`)

/**
 * A secret as it lies in the database: AES-256-GCM under a key of 32 bytes, each time with a nonce of its own. `about` names
 * the row that holds it and is authenticated with it, so that what is moved to another row does not open there.
 */
export function sealText(key: Buffer, text: string, about: string): Buffer {
  const nonce = randomBytes(NONCE_BYTES)
  const cipher = createCipheriv('aes-256-gcm', key, nonce, { authTagLength: TAG_BYTES })
  cipher.setAAD(aadOf(about))
  const body = Buffer.concat([cipher.update(text, 'utf8'), cipher.final()])
  return Buffer.concat([Buffer.of(VERSION), nonce, cipher.getAuthTag(), body])
}

/** The secret again; undefined when the key or the row is another, or a single bit was changed or cut. */
export function openText(key: Buffer, sealed: Buffer, about: string): string | undefined {
  if (sealed[0] !== VERSION || sealed.length < 1 + NONCE_BYTES + TAG_BYTES) return undefined
  const [nonceEnd, tagEnd] = [1 + NONCE_BYTES, 1 + NONCE_BYTES + TAG_BYTES]
  const decipher = createDecipheriv('aes-256-gcm', key, sealed.subarray(1, nonceEnd), { authTagLength: TAG_BYTES })
  decipher.setAAD(aadOf(about))
  decipher.setAuthTag(sealed.subarray(nonceEnd, tagEnd))
  try {
    return Buffer.concat([decipher.update(sealed.subarray(tagEnd)), decipher.final()]).toString('utf8')
  } catch {
    return undefined
  }
}
