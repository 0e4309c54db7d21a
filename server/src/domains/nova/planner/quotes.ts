/** One quoted part as it was written. */
export type Literal = { text: string; open: string; close: string }

const FIRST_MARK = 0xe000
const SINGLE_MAX = 300
const CLOSING: Record<string, string[]> = { '«': ['»'], '‹': ['›'], '“': ['”', '“'], '”': ['”'], '„': ['“', '”'], '"': ['"'], '`': ['`'] }

/** Matches one quoted part's mark. */
export const MARK = '[\\ue000-\\uf8ff]'
const MARKS = /[\ue000-\uf8ff]/g

/**
 * Puts a mark in place of each quoted part, in one pass. A quotation that is never closed goes to the end of the text: what
 * stands in it must not be read as a command either. Apostrophes and inches are no quotation marks.
 */
export function maskQuotes(text: string): { plain: string; literals: Literal[] } {
  const literals: Literal[] = []
  let plain = ''
  let at = 0
  while (at < text.length) {
    const end = literals.length < 6_000 ? quotationEnd(text, at) : undefined
    if (end === undefined) {
      plain += text.charAt(at)
      at += 1
      continue
    }
    literals.push({ text: text.slice(at + 1, end).trim(), open: text.charAt(at), close: text.charAt(end) })
    plain += String.fromCharCode(FIRST_MARK + literals.length - 1)
    at = end + 1
  }
  return { plain, literals }
}

/** Where the quotation that begins here is closed; undefined when none begins here. */
function quotationEnd(text: string, at: number): number | undefined {
  const open = text.charAt(at)
  const isInside = at > 0 && /[\p{L}\p{N}]/u.test(text.charAt(at - 1))
  if (open === "'" || open === '‘' || open === '’') return isInside ? undefined : singleEnd(text, at)
  const closing = CLOSING[open]
  if (!closing || (isInside && (open === '"' || open === '”'))) return undefined
  for (let end = at + 1; end < text.length; end += 1) if (closing.includes(text.charAt(end))) return end
  return open === '`' ? undefined : text.length
}

/** 'One like this', in which an apostrophe between letters closes nothing. */
function singleEnd(text: string, at: number): number | undefined {
  if (/[\s'’]/.test(text.charAt(at + 1) || ' ')) return undefined
  for (let end = at + 2; end < text.length && end <= at + SINGLE_MAX; end += 1) {
    if (!/['’]/.test(text.charAt(end)) || /\s/.test(text.charAt(end - 1))) continue
    if (!/[\p{L}\p{N}]/u.test(text.charAt(end + 1))) return end
  }
  return undefined
}

const literalAt = (mark: string, literals: Literal[]): Literal | undefined => literals[mark.charCodeAt(0) - FIRST_MARK]

/** Puts the quoted parts back, in their own quotation marks. */
export const restore = (text: string, literals: Literal[]): string =>
  text.replace(MARKS, (mark) => {
    const { text: inside = '', open = '', close = '' } = literalAt(mark, literals) ?? {}
    const gap = open === '«' ? ' ' : ''
    return `${open}${gap}${inside}${gap}${close}`
  })

export const marksIn = (text: string): string[] => text.match(MARKS) ?? []

const ALONE = new RegExp(`^[\\s,;.!?…]*(${MARK})[\\s,;.!?…]*$`)

/** The quoted part that is all of a text; undefined when there is more or less. */
export const onlyLiteral = (text: string, literals: Literal[]): string | undefined => {
  const mark = ALONE.exec(text)?.[1]
  return mark === undefined ? undefined : literalAt(mark, literals)?.text
}

/** A title or text as it was meant: the quoted part when there is one alone, else the words, on one line. */
export const spoken = (text: string, literals: Literal[]): string =>
  onlyLiteral(text, literals) ?? restore(text, literals).replace(/\s+/g, ' ').replace(/^[\s,;]+|(?<![\s,;])[\s,;]+$/g, '')

/** What follows a colon, without the quotation marks around all of it. */
export function unquoted(tail: string, literals: Literal[]): string {
  const alone = /^[\ue000-\uf8ff]$/.test(tail.trim()) ? literalAt(tail.trim(), literals)?.text : undefined
  return alone ?? restore(tail, literals).trim()
}
