/**
 * A text made ready for the grammar. `plain` is the text with each quoted part replaced by one private-use mark, so that
 * no rule can look into it; `folded` is `plain` without accents and capitals, of the same length, so that a place found in
 * one is the same place in the other.
 */
export type Reading = { plain: string; folded: string; literals: string[]; tail: string | null }

const FIRST_MARK = 0xe000
const MARKS_MAX = 200

/** Matches one quoted part's mark. */
export const MARK = '[\\ue000-\\ue0ff]'

const QUOTES = [/«\s*([^«»]*?)\s*»/g, /“([^“”]*)”/g, /„([^„“”]*)[“”]/g, /"([^"]*)"/g, /(?<![\p{L}\p{N}])‘([^‘’]*)’(?![\p{L}\p{N}])/gu, /(?<![\p{L}\p{N}])'([^']*)'(?![\p{L}\p{N}])/gu]

/** Lower case without accents, character by character. */
export function fold(text: string): string {
  let folded = ''
  for (let at = 0; at < text.length; at += 1) {
    const unit = text.charAt(at)
    const bare = (unit.normalize('NFD')[0] ?? unit).toLowerCase()
    folded += bare.length === 1 ? bare : unit
  }
  return folded
}

export function readText(text: string): Reading {
  const literals: string[] = []
  let plain = text.normalize('NFC').replace(/[\ue000-\uf8ff]/g, ' ').replace(/[\u00a0\u202f\u2009\t\r\n]+/g, ' ')
  for (const quote of QUOTES) {
    plain = plain.replace(quote, (whole, inside: string) => {
      if (literals.length >= MARKS_MAX || inside.trim() === '') return whole
      literals.push(inside.trim())
      return String.fromCharCode(FIRST_MARK + literals.length - 1)
    })
  }
  plain = plain.replace(/[’ʼ]/g, "'").replace(/\p{Extended_Pictographic}|\ufe0f/gu, ' ').replace(/ {2,}/g, ' ').trim()
  const { head, tail } = cutTail(plain)
  return { plain: head, folded: fold(head), literals, tail: tail === null ? null : restore(tail, literals) }
}

/** What follows the first colon is data: a body, a title. Not the colon of a time, of an address or right after a vocative. */
function cutTail(plain: string): { head: string; tail: string | null } {
  const found = /(?<!\d)\s?:(?!\/\/)(?!\d)|(?<=\d)\s:\s|(?<=\d):(?=\s)/.exec(plain)
  if (!found || found.index === 0) return { head: plain, tail: null }
  const tail = plain.slice(found.index + found[0].length).trim()
  return { head: plain.slice(0, found.index).trim(), tail: tail || null }
}

/** Puts the quoted parts back, in their quotation marks. */
export const restore = (text: string, literals: string[]): string =>
  text.replace(/[\ue000-\ue0ff]/g, (mark) => `“${literals[mark.charCodeAt(0) - FIRST_MARK] ?? ''}”`)

/** The quoted part that a mark stands for. */
export const literalOf = (mark: string, literals: string[]): string => literals[mark.charCodeAt(0) - FIRST_MARK] ?? ''

/** A title as it was meant: the quoted part when there is one alone, else the bare words. */
export function plainTitle(text: string, literals: string[]): string {
  const trimmed = text.trim()
  return trimmed.length === 1 && /[\ue000-\ue0ff]/.test(trimmed) ? literalOf(trimmed, literals) : restore(trimmed, literals)
}
