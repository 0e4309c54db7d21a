import type { ClauseResult } from './clause.ts'
import { fillSearch } from './fill-search.ts'
import type { PlannerGiven } from './plan-offline.ts'
import { toolsOf, type Scene } from './scene.ts'

const QUESTIONS = [
  /^(?:what|which)(?: (?:are|were|is|open|done))* (?=my )/, /^(?:what|which) (?=(?:open |pending |done )?(?:tasks|notes|threads|contacts) (?:do i have|are (?:open|done|pending)))/,
  /^do i have (?=(?:any|some|open|a) )/, /^where (?:is|are) (?=my )/, /^(?:quels?|quelles?) (?:sont|est) (?=(?:mes|mon|ma|les) )/, /^(?:ai-je|est-ce que j'ai|j'ai-t-il) (?=(?:des|une|un) )/, /^ou (?:est|sont) (?=(?:ma|mon|mes) )/,
]

/** Questions that a read answers: «Quelles sont mes tâches ouvertes ?», "what are my notes about the garden?". */
export function readReadQuestion(clause: Pick<Scene, 'folded' | 'plain' | 'literals'>, given: PlannerGiven): ClauseResult | undefined {
  for (const pattern of QUESTIONS) {
    const length = pattern.exec(clause.folded)?.[0].length ?? 0
    if (length === 0) continue
    const strip = (text: string): string => text.slice(length).replace(/\s*(?:do i have|are there|ai-je)?\s*[?.!]*$/, '')
    const language = /^[wd]/.test(clause.folded) ? 'en' : 'fr'
    const scene: Scene = { verb: { classes: ['search'], language, mood: 'imperative', length }, language, plain: strip(clause.plain), folded: strip(clause.folded), literals: clause.literals, tail: null, said: '', span: clause.plain.slice(0, 300) }
    const result = fillSearch(scene, toolsOf(given.tools, 'search'), given)
    if (result) return result
  }
  return undefined
}
