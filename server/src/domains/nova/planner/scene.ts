import type { Language } from '../../../platform/text.ts'
import type { ClauseResult } from './clause.ts'
import type { PlannedCommand, PlannerGiven, Reference } from './plan-offline.ts'
import { hasField, referenceField, referenceType, type PlannerTool } from './planner-tool.ts'
import type { Literal } from './quotes.ts'
import type { Text } from './reading.ts'
import type { FoundVerb, VerbClass } from './verbs.ts'

/** A clause behind its verb: what the arguments are read from. */
export type Scene = {
  verb: FoundVerb
  language: Language
  /** Behind the verb. */
  text: Text
  literals: Literal[]
  /** What follows the colon, its quoted parts still marks; null when there is no colon. */
  tail: string | null
  span: string
}

/** Reads the arguments of one class of verbs; undefined when the clause does not fit it. */
export type Filler = (scene: Scene, tools: PlannerTool[], given: PlannerGiven) => ClauseResult | undefined

const CLASS_OF: Record<string, VerbClass> = {
  create: 'create', delete: 'delete', update: 'update', complete: 'complete', archive: 'archive', reopen: 'reopen', restore: 'restore',
  search: 'search', send: 'send', post: 'post', transfer: 'transfer', order: 'pay', goto: 'goto', remove: 'delete', add: 'create', list: 'search', find: 'search', move: 'transfer', pay: 'pay', finish: 'complete', rename: 'update', edit: 'update',
}

/** The tools whose own verb belongs to a class. What one archives for good is deleted in what it does to the world. */
export const toolsOf = (tools: PlannerTool[], wanted: VerbClass): PlannerTool[] => tools.filter(({ verb }) => CLASS_OF[verb] === wanted)

/** Tools whose verb the grammar does not know; their own name is the verb then. */
export const strangeTools = (tools: PlannerTool[]): PlannerTool[] => tools.filter(({ verb }) => CLASS_OF[verb] === undefined)

/** One call; asks instead where the tool requires what was not said. */
export function command(scene: Scene, tool: PlannerTool, args: Record<string, unknown>, confidence = 0.95): ClauseResult {
  const missing = tool.fields.filter(({ name, required }) => required && args[name] === undefined).map(({ name }) => name)
  if (missing.length > 0) return unsure(`What is missing: ${missing.join(', ')}.`, `Il manque : ${missing.join(', ')}.`, { candidates: [tool.name], missing })
  return { kind: 'commands', commands: [planned(scene, tool, args, confidence)] }
}

const planned = (scene: Scene, tool: PlannerTool, args: Record<string, unknown>, confidence: number): PlannedCommand =>
  ({ tool: tool.name, args, confidence, language: scene.language, span: scene.span })

export const unsure = (en: string, fr: string, given: { candidates: string[]; missing?: string[] }): ClauseResult =>
  ({ kind: 'unsure', ask: { en, fr }, candidates: given.candidates, missing: given.missing ?? [] })

export const which = (tools: PlannerTool[]): ClauseResult => {
  const field = tools[0] && referenceField(tools[0])
  return unsure('Which one do you mean? Name it by its title.', 'Lequel ou laquelle ? Nommez-le par son titre.', { candidates: tools.map(({ name }) => name), missing: field ? [field.name] : ['id'] })
}

export const notAll = (text: string, candidates: PlannerTool[]): ClauseResult =>
  unsure(`I do not know what to do with “${text}”. If it belongs to a title, put the title in quotation marks.`, `Je ne sais que faire de « ${text} ». Si cela fait partie d’un titre, mettez le titre entre guillemets.`, { candidates: candidates.map(({ name }) => name) })

/** One row of the caller's own by its title; `near`: what was said only describes it, so that it is asked about even when it fits. */
export function referTo(scene: Scene, tool: PlannerTool, { title, near = false }: { title: string; near?: boolean }): Record<string, Reference> {
  const field = referenceField(tool)
  if (!field) throw new TypeError(`${tool.name} names no row`)
  return { [field.name]: { ref: referenceType(field), title, ...(near && { near }) } }
}

export const takes = (tool: PlannerTool, ...names: string[]): boolean => names.every((name) => hasField(tool, name))
