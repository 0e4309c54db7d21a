import { randomBytes } from 'node:crypto'
import { sha256 } from '../../platform/canonical.ts'

const PREFIX = 'chenu_'
/** 320 bits; 256 and more stay secret when the ends are shown. */
const BYTES = 40
const SHOWN = 4
const WELL_FORMED = /^chenu_[A-Za-z0-9_-]{54}$/

export type MintedKey = { token: string; hash: string; prefix: string; last4: string }

/** A new key. Of the token only the hash, the prefix and the last four characters are kept. */
export function mintKey(): MintedKey {
  const token = `${PREFIX}${randomBytes(BYTES).toString('base64url')}`
  return { token, hash: sha256(token), prefix: token.slice(0, PREFIX.length + SHOWN), last4: token.slice(-SHOWN) }
}

/** Whether a text could be a key of ours; what could not is not looked up. */
export const isWellFormed = (token: string): boolean => WELL_FORMED.test(token)
