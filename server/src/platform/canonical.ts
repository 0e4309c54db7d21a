import { createHash } from 'node:crypto'
import canonicalize from 'canonicalize'

/** The one form of a JSON value that is hashed: RFC 8785 (JCS). Throws on what JSON cannot hold. */
export function canonical(value: unknown): string {
  const text = canonicalize(value)
  if (text === undefined) throw new TypeError('Not a JSON value')
  return text
}

/** SHA-256 of a text's UTF-8 bytes, in lower-case hexadecimal. */
export const sha256 = (text: string): string => createHash('sha256').update(text, 'utf8').digest('hex')
