import type { Language } from '../../../platform/text.ts'
import { readClause, type ClauseResult } from './clause.ts'
import { splitClauses } from './clauses.ts'
import type { Mood } from './moods.ts'
import type { PlannerTool } from './planner-tool.ts'
import { readText } from './reading.ts'

/** A row that a person calls by its title; null when they only point at it («la», "the last one"). */
export type Reference = { ref: string; title: string | null }

export type PlannedCommand = { tool: string; args: Record<string, unknown>; confidence: number; language: Language; span: string }

export type Ask = { en: string; fr: string }

export type OfflinePlan =
  | { kind: 'commands'; language: Language; commands: PlannedCommand[] }
  | { kind: Mood; language: Language }
  | { kind: 'unsure'; language: Language; ask: Ask; candidates: string[]; missing: string[] }
  | { kind: 'not_understood'; language: Language }

export type PlannerGiven = { tools: PlannerTool[]; now: Date; timeZone: string }

const LENGTH_MAX = 10_000

/**
 * Plans a plain French or English sentence over the registered tools, without a model. Only what begins as a command,
 * after greetings and politeness, is one; everything else is named for what it is, and nothing is done. A sentence of
 * which one part is unclear is unclear as a whole: nothing is half done. Pure; linear in the length of the text.
 */
export function planOffline(text: string, given: PlannerGiven): OfflinePlan {
  const reading = readText(text.slice(0, LENGTH_MAX))
  const language = languageOf(reading.folded)
  const clauses = splitClauses(reading)
  const results = clauses.map((clause) => readClause(clause, given))
  return combine(results, results.find((result) => result.kind === 'commands')?.commands[0]?.language ?? language)
}

function combine(all: ClauseResult[], language: Language): OfflinePlan {
  const results = all.filter(({ kind }) => kind !== 'politeness')
  const firstCommand = results.findIndex(({ kind }) => kind === 'commands' || kind === 'unsure')
  const stop = results.find((result, index) => isMood(result) && !mayStandBeside(result, index, firstCommand))
  if (stop && isMood(stop)) return { kind: stop.kind, language }
  const rest = results.filter((result) => !isMood(result))
  if (rest.length === 0) {
    const [mood] = results
    return mood && isMood(mood) ? { kind: mood.kind, language } : { kind: 'not_understood', language }
  }
  const unsure = rest.find((result) => result.kind === 'unsure')
  if (unsure?.kind === 'unsure') return { kind: 'unsure', language, ask: unsure.ask, candidates: unsure.candidates, missing: unsure.missing }
  const commands = rest.flatMap((result) => (result.kind === 'commands' ? result.commands : []))
  if (rest.some(({ kind }) => kind === 'unknown')) {
    return commands.length === 0 ? { kind: 'not_understood', language } : { kind: 'unsure', language, ask: PARTLY, candidates: commands.map(({ tool }) => tool), missing: [] }
  }
  return { kind: 'commands', language, commands }
}

const PARTLY: Ask = { en: 'I understood only a part of that. Please say each thing in a sentence of its own.', fr: 'Je n’ai compris qu’une partie. Dites chaque chose dans une phrase à part.' }

const MOODS = new Set(['question', 'negation', 'report', 'condition', 'quotation'])
const isMood = (result: ClauseResult): result is Extract<ClauseResult, { kind: Mood }> => MOODS.has(result.kind)

/** «N'efface pas A, mais archive B» and "I finished it. Mark it done": said before the command, as a clause of its own. */
const mayStandBeside = (result: Extract<ClauseResult, { kind: Mood }>, index: number, firstCommand: number): boolean =>
  firstCommand > index && ((result.kind === 'negation' && result.apart) || (result.kind === 'report' && result.sentence))

const FRENCH = /\b(?:le|la|les|un|une|des|du|de|et|je|tu|moi|mon|ma|mes|dans|pour|avec|que|qui|est|pas|sur|vers|cette|ce|s'il|stp|svp|note[sz]?|tache|fil|supprime\w*|cree\w*|ajoute\w*|envoie|montre\w*|cherche\w*)\b/g
const ENGLISH = /\b(?:the|a|an|of|and|my|to|in|for|with|that|is|not|on|please|this|i|you|it|task|thread|delete|create|add|send|show|find|what|how|don't)\b/g

/** The language of a text by its small words; English when they do not tell. */
export const languageOf = (folded: string): Language => {
  const start = folded.slice(0, 400)
  return (start.match(FRENCH)?.length ?? 0) > (start.match(ENGLISH)?.length ?? 0) ? 'fr' : 'en'
}
