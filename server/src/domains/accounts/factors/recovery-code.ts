import { randomBytes } from 'node:crypto'
import { sha256 } from '../../../platform/canonical.ts'

export const RECOVERY_CODES = 10
/** 80 bits: nobody guesses one, so a fast hash is enough to store it. */
const CODE_BYTES = 10
/** Crockford's base32: without I, L, O and U, which people misread. */
const ALPHABET = '0123456789ABCDEFGHJKMNPQRSTVWXYZ'

/** Ten new codes, as `7K3M-…` in four groups. */
export const newRecoveryCodes = (): string[] => Array.from({ length: RECOVERY_CODES }, newCode)

function newCode(): string {
  let bits = BigInt(`0x${randomBytes(CODE_BYTES).toString('hex')}`)
  let text = ''
  for (let digit = 0; digit < 16; digit += 1) {
    text += ALPHABET[Number(bits & 31n)]
    bits >>= 5n
  }
  return text.replace(/.{4}(?=.)/g, '$&-')
}

/** What is stored of a code: bound to its person, however they typed it. */
export const recoveryHashOf = (userId: string, code: string): string =>
  sha256(`${userId} ${code.toUpperCase().replace(/[^0-9A-Z]/g, '').replaceAll('O', '0').replace(/[IL]/g, '1')}`)
