import { lengthAt, lineOf, phrase, type Line } from '../text/line.ts'
import type { Token } from '../text/tokens.ts'
import { DETERMINERS, PLAIN_ADJECTIVES, POINTING_ADJECTIVES, type Pointing } from '../words/determiners.ts'
import { isListWord, type Nouns } from '../words/nouns.ts'

/** A noun that names a kind of record, with what stands around it. */
export type NounPhrase = { kind: string; plural: boolean; pointing: Pointing; /** «la dernière»: which one is not said. */ points: boolean; /** Adjectives that may say a choice: "open tasks". */ adjectives: Token[]; at: number; end: number }

/** Where a clause names the kind of its object. `place`: right behind the verb, in a phrase of place («dans le fil X»), or behind its own title ("the X note"). */
export type FoundObject = NounPhrase & { place: 'front' | 'within' | 'behind'; before: Token[]; after: Token[] }

const OF_LIST = phrase("(?:de|d'|des|of)(?: (?:mes|my|the|les))?")

/** The noun phrase at `from`: determiner, adjectives, noun; also «la liste de mes tâches», "my task list". */
export function nounPhraseAt(line: Line, from: number, nouns: Nouns): NounPhrase | undefined {
  const found = DETERMINERS.map(([pointing, words]) => ({ pointing: pointing as Pointing, length: lengthAt(line, from, words) })).filter(({ length }) => length > 0).toSorted((a, b) => b.length - a.length)
  for (const { pointing, length } of [...found, { pointing: 'bare' as const, length: 0 }]) {
    const phrase = nounBehind(line, { from, at: from + length, pointing }, nouns)
    if (phrase) return phrase
  }
  return undefined
}

const ADJECTIVES_MAX = 4

function nounBehind(line: Line, { from, at, pointing }: { from: number; at: number; pointing: Pointing }, nouns: Nouns): NounPhrase | undefined {
  let next = at
  let points = false
  const adjectives: Token[] = []
  for (let count = 0; count <= ADJECTIVES_MAX; count += 1) {
    const list = isListWord(line.tokens[next]?.plain ?? '') ? lengthAt(line, next + 1, OF_LIST) : 0
    const start = next + (list > 0 ? list + 1 : 0)
    const noun = nounAt(line, start, nouns)
    if (noun) {
      const isList = isListWord(line.tokens[noun.end]?.plain ?? '')
      return { kind: noun.kind, plural: noun.plural || list > 0 || isList, pointing, points, adjectives, at: from, end: noun.end + (isList ? 1 : 0) }
    }
    const plain = lengthAt(line, next, PLAIN_ADJECTIVES)
    const pointed = lengthAt(line, next, POINTING_ADJECTIVES)
    const other = ADJECTIVE.test(line.tokens[next]?.plain ?? '') ? 1 : 0
    if (pointed > 0) points = true
    if (plain + pointed === 0 && other > 0) adjectives.push(...line.tokens.slice(next, next + 1))
    const step = Math.max(plain, pointed, other)
    if (step === 0) return undefined
    next += step
  }
  return undefined
}

/** Adjectives that may stand for a choice of the tool; whether they do is for the filler to say. */
const ADJECTIVE = /^(?:open|done|pending|finished|completed|complete|outstanding|unfinished|remaining|overdue|late|active|archived|incomplete|undone|closed|todays?|tomorrows?|today's|tomorrow's|upcoming|unread|todo)$/

function nounAt(line: Line, at: number, nouns: Nouns): { kind: string; plural: boolean; end: number } | undefined {
  for (let count = Math.min(nouns.wordsMax, line.tokens.length - at); count > 0; count -= 1) {
    const noun = nouns.find(line.tokens.slice(at, at + count).map(({ plain }) => plain).join(' '))
    if (noun) return { ...noun, end: at + count }
  }
  return undefined
}

const PLACE = phrase("(?:dans|sur|parmi|au|aux|a|vers|sous|de|des|du|d'|depuis|hors de|in|into|on|onto|to|from|out of|of|under|within|inside|among|off|through)")

/** The object of a clause behind its verb, wherever it is named. */
export function findObject(tokens: Token[], nouns: Nouns): FoundObject | undefined {
  const line = lineOf(tokens)
  const front = nounPhraseAt(line, 0, nouns)
  if (front) return { ...front, place: 'front', before: [], after: tokens.slice(front.end) }
  return findWithin(line, nouns) ?? findBehind(line, nouns)
}

/** «… dans le fil X», "… from my contacts", "Bob a message". */
export function findWithin(line: Line, nouns: Nouns, from = 1): FoundObject | undefined {
  const { tokens } = line
  for (let at = from; at < Math.min(tokens.length, FAR); at += 1) {
    const place = lengthAt(line, at, PLACE)
    const merged = /^(?:au|aux|du|des)$/.test(tokens[at]?.plain ?? '')
    const isArticle = /^(?:a|an|un|une)$/.test(tokens[at]?.plain ?? '')
    const noun = place > 0 ? nounPhraseAt(line, at + place, nouns) : undefined
    if (noun) return { ...noun, pointing: merged ? 'definite' : noun.pointing, place: 'within', before: tokens.slice(0, at), after: tokens.slice(noun.end) }
    const given = isArticle ? nounPhraseAt(line, at, nouns) : undefined
    if (given) return { ...given, place: 'within', before: tokens.slice(0, at), after: tokens.slice(given.end) }
  }
  return undefined
}

const FAR = 60

/** "The groceries note", «"Courses" (note)»: the title before its noun, at the end or before what begins something else. */
function findBehind(line: Line, nouns: Nouns): FoundObject | undefined {
  const { tokens } = line
  const lead = Math.max(0, ...DETERMINERS.filter(([pointing]) => pointing === 'definite' || pointing === 'mine' || pointing === 'indefinite' || pointing === 'this').map(([, words]) => lengthAt(line, 0, words)))
  const pointing = DETERMINERS.find(([, words]) => lead > 0 && lengthAt(line, 0, words) === lead)?.[0] ?? 'bare'
  for (let at = lead + 1; at < Math.min(tokens.length, lead + BEHIND_MAX); at += 1) {
    const noun = nounAt(line, at, nouns)
    const next = tokens[noun?.end ?? 0]
    if (!noun || (next && !ENDS_NAME.test(next.plain))) continue
    if (lead === 0 && tokens[0]?.kind !== 'quote' && !/^\p{Lu}/u.test(tokens[0]?.text ?? '')) return undefined
    return { kind: noun.kind, plural: noun.plural, pointing, points: false, adjectives: [], at: 0, end: noun.end, place: 'behind', before: tokens.slice(lead, at), after: tokens.slice(noun.end) }
  }
  return undefined
}

const BEHIND_MAX = 9
const ENDS_NAME = /^(?:to|into|in|with|as|saying|that|for|by|on|called|titled|,|:|and|from|[(])$/
