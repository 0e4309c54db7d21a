import { createHash } from 'node:crypto'
import { isUuid } from '../../platform/ids.ts'

const ID_LENGTH_MAX = 35

// Marks that turn the reading direction or show nothing: a name must read as the bank will read it.
const HIDDEN = /\u061C|[\u200B\u200E\u200F\u202A-\u202E\u2066-\u2069\uFFFE\uFFFF]/g

/** Free text for an ISO 20022 field: one line, nothing hidden, at most `lengthMax` characters; may become empty. */
export function isoText(given: string, lengthMax: number): string {
  const line = given.toWellFormed().normalize('NFC').replace(HIDDEN, '').replace(/[\s\p{Cc}]+/gu, ' ').trim()
  return [...line].slice(0, lengthMax).join('').trimEnd()
}

// What every bank takes in an identifier: the Latin set of SEPA, with its two rules on the slash.
const PLAIN_ID = /^(?![ /])(?!.*\/\/)[A-Za-z0-9/\-?:().,'+ ]+(?<![ /])$/

/**
 * An identifier of at most 35 plain characters. A UUID, a character too long, loses its hyphens; whatever else does not fit
 * becomes a digest, because cutting it could give two orders one identifier.
 */
export function isoId(given: string): string {
  if (isUuid(given)) return given.replaceAll('-', '')
  if (given.length <= ID_LENGTH_MAX && PLAIN_ID.test(given)) return given
  return createHash('sha256').update(given).digest('hex').slice(0, 32)
}
