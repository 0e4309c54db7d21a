import { randomBytes } from 'node:crypto'
import { sha256 } from '../../../platform/canonical.ts'

/** 256 random bits for the client and the hash that is kept. */
export function newSecret(): { text: string; hash: string } {
  const text = randomBytes(32).toString('base64url')
  return { text, hash: sha256(text) }
}
