import type { ClauseResult } from './clause.ts'
import { fillCreate, fillRemind } from './fill-create.ts'
import { fillPost, fillSend } from './fill-message.ts'
import { fillReference } from './fill-reference.ts'
import { fillSearch } from './fill-search.ts'
import { fillPay, fillTransfer } from './fill-transfer.ts'
import { fillUpdate } from './fill-update.ts'
import { leavesOut } from './objects.ts'
import { fold } from './reading.ts'
import type { PlannerGiven } from './plan-offline.ts'
import { toolsOf, unsure, type Filler, type Scene } from './scene.ts'
import type { VerbClass } from './verbs.ts'

const FILLERS: Record<VerbClass, Filler> = {
  pay: fillPay, post: fillPost, send: fillSend, transfer: fillTransfer, complete: fillReference, archive: fillReference, reopen: fillReference,
  restore: fillReference, update: fillUpdate, remind: fillRemind, create: fillCreate, search: fillSearch, delete: fillReference,
}

/** The more an object tells about which class is meant, the earlier the class is tried. */
const ORDER = Object.keys(FILLERS) as VerbClass[]

/** Reads the arguments by the first class of the verb that the clause fits; asks when it fits none. */
export function fillClause(clause: Scene, given: PlannerGiven): ClauseResult {
  const scene = readPutting(clause)
  const classes = ORDER.filter((one) => scene.verb.classes.includes(one) || (one === 'post' && scene.verb.classes.includes('create')))
  for (const one of classes) {
    const tools = toolsOf(given.tools, one)
    const result = tools.length > 0 || one === 'remind' ? FILLERS[one]({ ...scene, verb: { ...scene.verb, classes: [one] } }, one === 'remind' ? given.tools : tools, given) : undefined
    if (result) return leavesOut(scene, result) ?? result
  }
  const candidates = classes.flatMap((one) => toolsOf(given.tools, one).map(({ name }) => name))
  if (candidates.length === 0) return { kind: 'unknown' }
  return unsure('What exactly do you mean? Say its kind, such as note, task or thread, and its title.', 'De quoi s’agit-il exactement ? Dites sa nature (note, tâche, fil…) et son titre.', { candidates: [...new Set(candidates)] })
}

/** «Mets la note X à la corbeille» deletes, «mets la note X dans Entreprise» moves: where a thing is put says what is done. */
function readPutting(scene: Scene): Scene {
  const verb = fold(scene.span)
  if (!/\b(?:mets|mettez|mettre|mettes|put|place[rz]?|placer|range\w*)\b/.test(verb) || !DEFINITE.test(scene.folded)) return scene
  const classes: VerbClass[] = BINNED.test(scene.folded) ? ['delete'] : ['transfer']
  return { ...scene, verb: { ...scene.verb, classes } }
}

const DEFINITE = /^(?:the|my|this|le|la|l'|mon|ma|cette|ce)(?:\s|(?<='))/
const BINNED = /\b(?:corbeille|poubelle|bin|trash|garbage)\s*$/
