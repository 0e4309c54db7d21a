import type { Token } from './tokens.ts'

/** Tokens with one plain string over them, in which a phrase can be sought. */
export type Line = { tokens: Token[]; plain: string; /** Index of the token that begins at a place of `plain`. */ at: Map<number, number>; offsets: number[] }

export function lineOf(tokens: Token[]): Line {
  const at = new Map<number, number>()
  const offsets: number[] = []
  let length = 0
  for (const [index, { plain }] of tokens.entries()) {
    at.set(length, index)
    offsets.push(length)
    length += plain.length + 1
  }
  at.set(length, tokens.length)
  return { tokens, plain: tokens.map(({ plain }) => plain).join(' '), at, offsets }
}

/** Words in a row, written as a regular expression over plain tokens with one space between them. */
export type Phrase = { here: RegExp; anywhere: RegExp; atEnd: RegExp }

export function phrase(...alternatives: string[]): Phrase {
  const source = `(?:${alternatives.join('|')})`
  return {
    here: new RegExp(`${source}(?= |$)`, 'y'),
    anywhere: new RegExp(`(?<=^| )${source}(?= |$)`, 'g'),
    atEnd: new RegExp(`(?<=^| )${source}$`),
  }
}

/** How many tokens the phrase takes from `from` on; 0 when it does not stand there. */
export function lengthAt(line: Line, from: number, { here }: Phrase): number {
  const offset = line.offsets[from]
  if (offset === undefined) return 0
  here.lastIndex = offset
  const found = here.exec(line.plain)
  if (!found || found[0] === '') return 0
  const end = line.at.get(offset + found[0].length + 1)
  return end === undefined ? 0 : end - from
}

/** Where the phrase first stands at or after `from`. */
export function findPhrase(line: Line, { anywhere }: Phrase, from = 0): { at: number; length: number } | undefined {
  anywhere.lastIndex = line.offsets[from] ?? line.plain.length
  for (let found = anywhere.exec(line.plain); found; found = anywhere.exec(line.plain)) {
    const at = line.at.get(found.index)
    const end = line.at.get(found.index + found[0].length + 1)
    if (at !== undefined && end !== undefined && end > at) return { at, length: end - at }
    if (found[0] === '') anywhere.lastIndex += 1
  }
  return undefined
}

/** Every place where the phrase stands, none over another. */
export function findPhrases(line: Line, wanted: Phrase): Array<{ at: number; length: number }> {
  const all: Array<{ at: number; length: number }> = []
  for (let found = findPhrase(line, wanted); found; found = findPhrase(line, wanted, found.at + found.length)) all.push(found)
  return all
}

/** How many tokens at the end the phrase takes. Looks at the last few words only, so that it stays cheap. */
export function lengthAtEnd({ tokens }: Line, { atEnd }: Phrase): number {
  const last = lineOf(tokens.slice(-LAST))
  const found = atEnd.exec(last.plain)
  const at = found && found[0] !== '' ? last.at.get(found.index) : undefined
  return at === undefined ? 0 : last.tokens.length - at
}

const LAST = 14

export const isPhrase = (line: Line, wanted: Phrase): boolean => line.tokens.length > 0 && lengthAt(line, 0, wanted) === line.tokens.length
