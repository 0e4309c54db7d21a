const SHAPE = /^[A-Z]{2}[0-9]{2}[A-Z0-9]{11,30}$/

/** An account number as the standard writes it: upper case, no blanks. */
export const plainIban = (given: string): string => given.replace(/\s+/g, '').toUpperCase()

/** True when the form and the check digits (ISO 7064, mod 97-10) are right; it does not say that the account exists. */
export function isIban(given: string): boolean {
  const iban = plainIban(given)
  if (!SHAPE.test(iban)) return false
  const digits = [...iban.slice(4), ...iban.slice(0, 4)].map((character) => Number.parseInt(character, 36)).join('')
  return BigInt(digits) % 97n === 1n
}
