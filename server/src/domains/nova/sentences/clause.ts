import type { Language } from '../../../platform/text.ts'
import type { Clause } from './clauses.ts'
import { fillClause } from './fill.ts'
import { cutPoliteness, FRAMES, skipPoliteness } from './frames.ts'
import { moodOf, spoils, startsNegated, type Mood } from './moods.ts'
import type { Ask, PlannedCommand, PlannerGiven } from './plan-offline.ts'
import { readReadQuestion } from './read-question.ts'
import { restore } from './reading.ts'
import { verbAt, type FoundVerb } from './verbs.ts'

export type ClauseResult =
  | { kind: 'commands'; commands: PlannedCommand[] }
  | { kind: 'unsure'; ask: Ask; candidates: string[]; missing: string[] }
  | { kind: Mood; apart: boolean; sentence: boolean }
  | { kind: 'unknown' }
  | { kind: 'politeness' }

/** «Crée pas…», "add nothing…": the verb is taken back right behind it. */
const DENIED = /^\s*(?:pas|plus|jamais|aucune?s?|point|guere|rien|no|none|zero|nothing|never|not|nobody|personne)(?![\p{L}])/u

type Opening = { verb: FoundVerb & { participle: boolean }; at: number; framed: boolean }

/** What one clause is: a command with its arguments, or why it is none. */
export function readClause(clause: Clause, given: PlannerGiven): ClauseResult {
  const end = cutPoliteness(clause.folded)
  const asks = /\?[\s.!…]*$/.test(clause.folded.slice(0, Math.max(end, 0) + 12))
  const start = skipPoliteness(clause.folded.slice(0, end))
  const folded = clause.folded.slice(start, end)
  const plain = clause.plain.slice(start, end)
  if (folded === '' && clause.tail === null) return { kind: 'politeness' }
  const mood = (kind: Mood): ClauseResult => ({ kind, apart: clause.apart, sentence: clause.sentence })
  // «Ne fais rien» is about everything that follows, not about its own clause.
  if (startsNegated(folded)) return /(?:rien|nothing|anything)\s*$/.test(folded) ? { kind: 'negation', apart: false, sentence: clause.sentence } : mood('negation')
  const question = readReadQuestion({ folded, plain, literals: clause.literals }, given)
  if (question) return question
  const opening = findOpening(folded, plain)
  if (!opening) {
    const found = moodOf(asks ? `${folded}?` : folded)
    return found ? mood(found) : { kind: 'unknown' }
  }
  if (opening.verb.participle) return mood('report')
  const spoilt = spoils(folded)
  if (spoilt) return mood(spoilt)
  if (asks && !opening.framed) return mood('question')
  const from = opening.at + opening.verb.length
  if (DENIED.test(folded.slice(from))) return mood('negation')
  return fillClause({
    verb: opening.verb, language: opening.verb.language satisfies Language, plain: plain.slice(from).trimStart(), folded: folded.slice(from).trimStart(),
    literals: clause.literals, tail: clause.tail, said: folded.slice(opening.at, from), span: restore(clause.plain, clause.literals).slice(0, 300),
  }, given)
}

/** The verb that asks: right at the front, or where a way of asking ends, in the form that this way wants. */
function findOpening(folded: string, plain: string): Opening | undefined {
  for (const { pattern, verb: wanted } of FRAMES) {
    const frame = pattern.exec(folded)?.[0].length ?? 0
    if (frame === 0) continue
    const at = frame + skipPoliteness(folded.slice(frame))
    const verb = wanted === 'any' ? verbAt(folded.slice(at), plain.slice(at)) : verbAt(folded.slice(at), plain.slice(at), wanted)
    if (verb) return { verb, at, framed: true }
  }
  const verb = verbAt(folded, plain, 'imperative') ?? verbAt(folded, plain, 'infinitive')
  return verb && { verb, at: 0, framed: false }
}
