import { maskQuotes, type Literal } from './quotes.ts'
import { isOnlyPoliteness } from './politeness.ts'

/** A piece of the text twice, of one length: as it was written, and without accents and capitals. A place in one is that place in the other. */
export type Text = { plain: string; folded: string }

/**
 * A text made ready for the grammar: each quoted part is one private-use mark, so that no rule can look into it.
 * `tail` is what follows the first colon: data, and never read for commands.
 */
export type Reading = Text & { literals: Literal[]; tail: string | null }

const EMOTICON = /(?<=\s|^)[:;]['-]?[)(DPpO|/](?=\s|$)/g
const PICTURE = /[\p{Extended_Pictographic}\u200d\ufe0f\ud800-\udfff\u{1f3fb}-\u{1f3ff}]/u

/** Stands in a folded text where a picture stands in the plain one. */
export const PICTURE_MARK = '·'

/** Lower case without accents, of the same length; apostrophes straight, pictures as one mark a unit. */
export function fold(text: string): string {
  let folded = ''
  for (let at = 0; at < text.length; at += 1) folded += foldUnit(text.charAt(at))
  return folded
}

const known = new Map<string, string>()

function foldUnit(unit: string): string {
  if (unit < '\u007f') return unit.toLowerCase()
  const before = known.get(unit)
  if (before !== undefined) return before
  const bare = (unit.normalize('NFD')[0] ?? unit).toLowerCase()
  const folded = /[’ʼ‘´]/.test(unit) ? "'" : PICTURE.test(unit) && !/[©®™]/.test(unit) ? PICTURE_MARK : bare.length === 1 ? bare : unit
  if (known.size < 5_000) known.set(unit, folded)
  return folded
}

export const textOf = (plain: string): Text => ({ plain, folded: fold(plain) })

export const cut = ({ plain, folded }: Text, from: number, to?: number): Text => ({ plain: plain.slice(from, to), folded: folded.slice(from, to) })

/** Without white space at both ends. */
export function trim(text: Text): Text {
  const from = text.plain.length - text.plain.trimStart().length
  return cut(text, from, Math.max(from, text.plain.trimEnd().length))
}

/** Without the part between two places. */
export const without = (text: Text, from: number, to: number): Text => {
  const left = cut(text, 0, from)
  const right = cut(text, to)
  const glue = left.plain !== '' && right.plain !== '' && !/\s$/.test(left.plain) && !/^\s/.test(right.plain) ? ' ' : ''
  return { plain: left.plain + glue + right.plain, folded: left.folded + glue + right.folded }
}

export const isBlank = ({ plain }: Text): boolean => plain.trim() === ''

export function readText(given: string): Reading {
  const normal = given.normalize('NFC').replace(/\r\n?/g, '\n').replace(/[\ue000-\uf8ff]|(?!\n)\p{Cc}/gu, ' ').replace(/[\u200b\u2060\ufeff]/g, '')
    .replace(/(?!\n)[\p{Z}\s]+/gu, ' ').replace(/ ?\n ?/g, '\n').replace(/\n{3,}/g, '\n\n')
  const { plain, literals } = maskQuotes(normal)
  const { head, tail } = cutTail(textOf(plain.replace(EMOTICON, (found) => ' '.repeat(found.length)).trim()))
  return { ...head, literals, tail }
}

const COLON = /:/g
const NO_TAIL = /^[\s.,;!?…)('·-]*$/

/** What follows the first colon is data: a body, a title. Not that of a time or an address, nor one behind a mere greeting. */
function cutTail(text: Text): { head: Text; tail: string | null } {
  for (const { index } of text.plain.matchAll(COLON)) {
    const before = text.plain.charAt(index - 1)
    const after = text.plain.charAt(index + 1)
    if (/\d/.test(before) && /\d/.test(after)) continue
    if (text.plain.startsWith('://', index) || after === ':' || before === ':') continue
    if (isOnlyPoliteness(text.folded.slice(0, index))) continue
    const tail = text.plain.slice(index + 1).trim()
    return NO_TAIL.test(tail) ? { head: without(text, index, text.plain.length), tail: null } : { head: trim(cut(text, 0, index)), tail }
  }
  return { head: text, tail: null }
}
