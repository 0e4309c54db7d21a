/** Words of a folded text with their places; commas and final points are no part of them. */
export type Word = { text: string; start: number; end: number }

const WORD = /[^\s,;()]+/g

export const wordsOf = (folded: string): Word[] => [...folded.matchAll(WORD)].flatMap(({ 0: whole, index }) => {
  const text = whole.replace(/(?<=[\p{L}\d])[.!?:]+$/u, (end) => (/^\.$/.test(end) && /\b[ap]\.m\.$/.test(whole) ? end : ''))
  return /[\p{L}\d@]/u.test(text) ? [{ text, start: index, end: index + text.length }] : []
})

/** What was read at a word, and the word after it. */
export type Read<T> = { value: T; next: number }

export const wordAt = (words: Word[], at: number): string => words[at]?.text ?? ''

/** The place behind a phrase that stands at a word; undefined when it does not. */
export function behindPhrase(words: Word[], at: number, phrase: string): number | undefined {
  const parts = phrase.split(' ')
  return parts.every((part, index) => wordAt(words, at + index) === part) ? at + parts.length : undefined
}

/** The place behind the first of some phrases that stands at a word. */
export function behindAny(words: Word[], at: number, phrases: string[]): number | undefined {
  for (const phrase of phrases) {
    const next = behindPhrase(words, at, phrase)
    if (next !== undefined) return next
  }
  return undefined
}
