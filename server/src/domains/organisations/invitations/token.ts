import { randomBytes } from 'node:crypto'
import { sha256 } from '../../../platform/canonical.ts'

/** A new token: 256 random bits that mean nothing by themselves. Only the hash is kept. */
export function mintInvitation(): { token: string; hash: string } {
  const token = randomBytes(32).toString('base64url')
  return { token, hash: sha256(token) }
}
