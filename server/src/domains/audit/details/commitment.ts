import { randomBytes } from 'node:crypto'
import { canonical, sha256 } from '../../../platform/canonical.ts'

const SALT_BYTES = 16

/** SHA-256 of the salt's text and the state's canonical form: tells nothing of the state to who has no salt. */
export const commitTo = (salt: string, state: unknown): string => sha256(`${salt}${canonical(state)}`)

/** A commitment to a state under a fresh salt; undefined where there is no state. */
export function commitment(state: unknown): { salt: string; hash: string } | undefined {
  if (state === undefined) return undefined
  const salt = randomBytes(SALT_BYTES).toString('base64url')
  return { salt, hash: commitTo(salt, state) }
}
