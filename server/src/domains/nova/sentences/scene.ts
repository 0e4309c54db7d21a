import type { Language } from '../../../platform/text.ts'
import type { ClauseResult } from './clause.ts'
import type { PlannedCommand, PlannerGiven } from './plan-offline.ts'
import type { PlannerTool } from './planner-tool.ts'
import type { FoundVerb, VerbClass } from './verbs.ts'

/** A clause behind its verb: what the arguments are read from. */
export type Scene = { verb: FoundVerb; language: Language; plain: string; folded: string; literals: string[]; tail: string | null; span: string; /** The verb and what led to it, folded. */ said: string }

/** Reads the arguments of one class of verbs; undefined when the clause does not fit it. */
export type Filler = (scene: Scene, tools: PlannerTool[], given: PlannerGiven) => ClauseResult | undefined

const ACTION_VERBS: Record<string, VerbClass> = {
  create: 'create', delete: 'delete', update: 'update', complete: 'complete', archive: 'archive', reopen: 'reopen', restore: 'restore',
  search: 'search', send: 'send', post: 'post', transfer: 'transfer', order: 'pay',
}

/** The tools whose own verb belongs to a class. */
export const toolsOf = (tools: PlannerTool[], wanted: VerbClass): PlannerTool[] => tools.filter(({ verb }) => ACTION_VERBS[verb] === wanted)

export const command = (scene: Scene, tool: PlannerTool, args: Record<string, unknown>, confidence = 0.95): ClauseResult =>
  ({ kind: 'commands', commands: [planned(scene, tool, args, confidence)] })

export const planned = (scene: Scene, tool: PlannerTool, args: Record<string, unknown>, confidence = 0.95): PlannedCommand =>
  ({ tool: tool.name, args, confidence, language: scene.language, span: scene.span })

export const unsure = (en: string, fr: string, given: { candidates: string[]; missing?: string[] }): ClauseResult =>
  ({ kind: 'unsure', ask: { en, fr }, candidates: given.candidates, missing: given.missing ?? [] })
