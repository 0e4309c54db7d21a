import { MONEY } from '../words/money.ts'
import { foldWord, spellWord } from './fold.ts'
import { findQuotes } from './quotes.ts'

export type TokenKind = 'word' | 'quote' | 'money' | 'email' | 'uuid' | 'link' | 'mark' | 'break' | 'symbol'

/** The smallest part of a text that a rule can speak of. */
export type Token = {
  kind: TokenKind
  /** As written; of a quotation, what is inside. */
  text: string
  /** Lower case with accents. */
  spelled: string
  /** Without accents; one sign for what no rule may look into. */
  plain: string
  start: number
  end: number
}

/** How opaque tokens look to a rule: their content is data. */
export const OPAQUE = { quote: '§', money: '¤', email: '@mail', uuid: '#id', link: '%link', break: '¶' }

const SPACE = /[^\S\r\n]+/uy
const WORD = /[\p{L}\p{M}\p{N}_]+(?:(?:[-'’‐‑]|(?<=\p{N})[.,:/](?=\p{N}))[\p{L}\p{M}\p{N}_]+)*['’]?/uy
const SHAPES: Array<[TokenKind, RegExp]> = [
  ['break', /[\r\n]+/uy],
  ['uuid', /[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}(?![\p{L}\p{N}-])/uiy],
  ['link', /https?:\/\/[^\s<>"“”«»]{1,500}/uiy],
  ['email', /[\p{L}\p{N}_][\p{L}\p{N}_.+-]{0,63}@[\p{L}\p{N}-]{1,63}(?:\.[\p{L}\p{N}-]{1,63}){1,4}/uy],
  ['money', MONEY],
  ['word', WORD],
  ['mark', /[.,:;!?…()[\]{}<>=*•«»“”„"‘’'`–—-]/uy],
  ['symbol', /./suy],
]

/** Cuts a text into tokens that remember where they stood. Linear in its length. */
export function readTokens(text: string): Token[] {
  const tokens: Token[] = []
  const quotes = findQuotes(text)
  let from = 0
  for (const { start, end, inside } of quotes) {
    readPlain(text, { from, to: start }, tokens)
    tokens.push({ kind: 'quote', text: inside, spelled: OPAQUE.quote, plain: OPAQUE.quote, start, end })
    from = end
  }
  readPlain(text, { from, to: text.length }, tokens)
  return tokens
}

function readPlain(whole: string, { from, to }: { from: number; to: number }, tokens: Token[]): void {
  const text = whole.slice(from, to)
  let at = 0
  while (at < text.length) {
    SPACE.lastIndex = at
    if (SPACE.test(text)) at = SPACE.lastIndex
    const shape = SHAPES.find(([, pattern]) => {
      pattern.lastIndex = at
      return pattern.test(text)
    })
    if (!shape) break
    const end = shape[1].lastIndex
    const found = text.slice(at, end)
    if (shape[0] === 'word') pushWords(found, from + at, tokens)
    else tokens.push({ kind: shape[0], text: found, spelled: found.toLowerCase(), plain: OPAQUE[shape[0] as keyof typeof OPAQUE] ?? found, start: from + at, end: from + end })
    at = end
  }
}

const ELISION = /^(?:l|d|j|m|t|s|n|c|qu|jusqu|lorsqu|puisqu)'(?=.)/
const CLITIC = /.(-(?:t-)?(?:moi|toi|la|les|lui|leur|le|nous|vous|tu|ils|elles|il|elle|on|ce|je|y|en|m'|t'))$/
const WHOLE = /^(?:rendez-vous|follow-on|sign-on|log-on|add-on|hands-on|ok-.*|check-in-.*)$/

/** A word, its elided article before it («l'», «d'») and its French pronouns behind it («-la», «-tu») apart. */
function pushWords(text: string, start: number, tokens: Token[]): void {
  let spelled = spellWord(text)
  if (spelled.length !== text.length) spelled = text.toLowerCase().length === text.length ? text.toLowerCase() : text
  const elided = ELISION.exec(spelled)?.[0].length ?? 0
  if (elided > 0 && !WHOLE.test(spelled)) {
    pushWord(text.slice(0, elided), start, tokens)
    pushWords(text.slice(elided), start + elided, tokens)
    return
  }
  const clitic = WHOLE.test(spelled) ? undefined : CLITIC.exec(spelled)?.[1]
  if (clitic === undefined) {
    pushWord(text, start, tokens)
    return
  }
  pushWords(text.slice(0, -clitic.length), start, tokens)
  const last = start + text.length - clitic.length
  pushWord(text.slice(-clitic.length), last, tokens)
}

function pushWord(text: string, start: number, tokens: Token[]): void {
  const spelled = spellWord(text)
  tokens.push({ kind: 'word', text, spelled, plain: foldWord(text).replace(/^e-?mail/, 'email').replace(/^-t-/, '-'), start, end: start + text.length })
}
