import { readAddress } from '../accounts/email-key.ts'

/** An address to write to: `address` with its domain in ASCII, so that a look-alike shows; `key` as accounts are told apart. */
export type MailAddress = { address: string; key: string }

/** Reads an address; undefined for what is none. */
export function mailAddress(given: string): MailAddress | undefined {
  const read = readAddress(given)
  if (!read) return undefined
  const { shown, key } = read
  return { key, address: `${shown.slice(0, shown.lastIndexOf('@'))}${key.slice(key.lastIndexOf('@'))}` }
}

/** The key of an address that was read before. */
export const keyOf = (address: string): string => readAddress(address)?.key ?? address
