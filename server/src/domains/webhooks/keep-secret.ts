import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto'

/** Encrypts the secrets of endpoints for their rows, each bound to its endpoint: moved to another row it does not open. */
export type SecretKeeper = { close(webhookId: string, secret: string): string; open(webhookId: string, kept: string): string }

const NONCE_BYTES = 12
const TAG_BYTES = 16

/** `key`: 32 bytes that the database does not have. */
export function createSecretKeeper(key: Buffer): SecretKeeper {
  return {
    close(webhookId, secret) {
      const nonce = randomBytes(NONCE_BYTES)
      const cipher = createCipheriv('aes-256-gcm', key, nonce).setAAD(Buffer.from(webhookId))
      const text = Buffer.concat([cipher.update(secret, 'utf8'), cipher.final()])
      return Buffer.concat([nonce, cipher.getAuthTag(), text]).toString('base64')
    },
    open(webhookId, kept) {
      const bytes = Buffer.from(kept, 'base64')
      const decipher = createDecipheriv('aes-256-gcm', key, bytes.subarray(0, NONCE_BYTES), { authTagLength: TAG_BYTES }).setAAD(Buffer.from(webhookId))
      decipher.setAuthTag(bytes.subarray(NONCE_BYTES, NONCE_BYTES + TAG_BYTES))
      return Buffer.concat([decipher.update(bytes.subarray(NONCE_BYTES + TAG_BYTES)), decipher.final()]).toString('utf8')
    },
  }
}
