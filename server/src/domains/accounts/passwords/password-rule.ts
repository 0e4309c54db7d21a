import { dictionary } from '@zxcvbn-ts/language-common'
import { PASSWORD_LENGTH_MIN } from '../contract.ts'

// Shorter ones are refused by length anyway; the list is all lower case.
const COMMON = new Set(dictionary['passwords-common'].filter((word) => word.length >= PASSWORD_LENGTH_MIN))
const PRODUCT = 'chenu'
const WORD_MIN = 5

export type Objection = 'common' | 'product' | 'personal'

/**
 * Why a password of permitted length is refused, or undefined. It is compared folded, and stored and checked as it came:
 * nothing is trimmed, cut, normalised or changed in case.
 */
export function objectionTo(password: string, emailKey: string): Objection | undefined {
  const folded = password.toLowerCase()
  if (COMMON.has(folded)) return 'common'
  if (folded.replace(/[^\p{L}\p{N}]/gu, '').includes(PRODUCT)) return 'product'
  return wordsOf(emailKey).some((word) => folded.includes(word)) || folded === localOf(emailKey) ? 'personal' : undefined
}

const localOf = (emailKey: string): string => emailKey.slice(0, emailKey.lastIndexOf('@'))

/** Words of the address that a password may not hold. Short ones (`test`, `ada`) would refuse too much. */
const wordsOf = (emailKey: string): string[] => localOf(emailKey).split(/[^a-z]+/).filter((word) => word.length >= WORD_MIN)
