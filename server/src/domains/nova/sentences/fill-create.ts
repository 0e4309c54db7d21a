import type { ClauseResult } from './clause.ts'
import { findDate } from './dates.ts'
import { findObject, skipConnectors } from './objects.ts'
import type { PlannerGiven } from './plan-offline.ts'
import { hasField, type PlannerTool } from './planner-tool.ts'
import { fold, MARK, plainTitle, restore } from './reading.ts'
import { command, unsure, type Filler, type Scene } from './scene.ts'
import { placeAtEnd } from './spheres-named.ts'

const BODY = /[\s,]+(?:(?:with|having)(?: the)? (?:text|body|content|contents|description|following)|saying|that says|containing|avec(?: pour| comme)?(?: le| un)? (?:texte|contenu|corps|message|description)|disant|qui dit|contenant|et ecris dedans)(?: that| que)?\s*/
const PURPOSE = /^(?:to|for|about|on|that|pour|de|d'|que|qu'|sur|au sujet de|a propos de|concernant)(?:\s+(?:to|me to|us to)(?=\s))?(?:\s+|(?<='))/
const EMAIL = /[^\s,;<>()"“”]+@[^\s,;<>()"“”]+\.[^\s,;<>()"“”]*[\p{L}\p{N}]/u
const EMAIL_LEAD = /[\s,(<-]*(?:(?:with|using|at|and|avec|et|dont)?\s*(?:the |an |the following |l'|une |son |his |her |their |pour )?(?:email|e-mail|mail|address|adresse|courriel)(?: address| mail| e-mail)?(?: est| is)?|at|avec|with)?[\s,:(<-]*$/

/** «Crée une note X», "add a task to call Paul tomorrow": a new row with its title and what else its schema takes. */
export const fillCreate: Filler = (scene, tools, given) => {
  const object = findObject(scene.folded, tools)
  if (!object) return intoList(scene, tools, given) ?? fromNoteVerb(scene, tools, given)
  if (SOFT.test(scene.said) && DEFINITE.test(scene.folded)) return undefined
  const [tool] = object.tools
  if (!tool || object.tools.length > 1) return undefined
  if (object.plural && (COUNTED.test(scene.folded) || !new RegExp(MARK).test(scene.plain))) return unsure('One at a time, please: give the title of one.', 'Un seul à la fois : donnez le titre d’un seul.', { candidates: [tool.name], missing: ['title'] })
  return create(scene, tool, { from: object.length, given })
}

/** Verbs that also open, move or show what exists: with «la note X» they make nothing new. */
const SOFT = /\b(?:ouvr\w*|open|lance\w*|start|mets|mettre|mettez|put|prends|prenez|prendre|commence\w*|save|enregistre\w*|begin|enter|record|prepare\w*)\b/
const COUNTED = /^(?:\d+|deux|trois|quatre|cinq|dix|cent|mille|two|three|four|five|ten|hundred|several|many|plusieurs|quelques)\s/
const DEFINITE = /^(?:the|my|this|that|le|la|l'|les|mon|ma|mes|cette|ce)(?:\s|(?<='))(?!new |nouvel|nouveau)/

/** «Ajoute “acheter du pain” à mes tâches», "add buy bread to my tasks". */
function intoList(scene: Scene, tools: PlannerTool[], given: PlannerGiven): ClauseResult | undefined {
  const found = /\s+(?:to|in|on|into|a|dans|sur)\s+(?=(?:my|the|mes|ma|la|les|mon)\s)/g
  for (const { index, 0: glue } of scene.folded.matchAll(found)) {
    const rest = scene.folded.slice(index + glue.length).replace(/^(?:ma|la|my|the) liste? (?:de |of |des |d')/, 'my ')
    const object = findObject(rest, tools)
    const tail = rest.slice(object?.length ?? 0).replace(/^\s*list/, '').trim()
    const [tool] = object?.tools ?? []
    if (tool && object?.tools.length === 1 && tail === '' && index > 0) return create({ ...scene, plain: scene.plain.slice(0, index), folded: scene.folded.slice(0, index) }, tool, { from: 0, given })
  }
  return undefined
}

/** «Note que le code est 12», "jot down milk": the verb itself says that it is a note. */
function fromNoteVerb(scene: Scene, tools: PlannerTool[], given: PlannerGiven): ClauseResult | undefined {
  const tool = tools.find(({ nouns }) => nouns.en.includes('note'))
  if (!tool || !/\b(?:note[sz]?|noter|prend\w* (?:en )?note|jot(?:ting)? down|not(?:e|ing) (?:down|that)|note to self|writ(?:e|ing) down|put down|take (?:a )?note|make a note)\b/.test(scene.said)) return undefined
  return create(scene, tool, { from: 0, given })
}

type Rest = { from: number; given: PlannerGiven }

function create(scene: Scene, tool: PlannerTool, { from, given }: Rest): ClauseResult {
  const title = hasField(tool, 'title') ? 'title' : 'name'
  const args: Record<string, unknown> = {}
  let plain = scene.plain.slice(from)
  plain = takePlace(plain, tool, args)
  plain = takeEmail(plain, tool, args)
  plain = takeBody(plain, scene, tool, args)
  plain = takePlace(plain, tool, args)
  const due = hasField(tool, 'due_at') ? takeDate(plain, scene, given) : undefined
  if (due) {
    args.due_at = due.at
    plain = takePlace(due.plain, tool, args)
  }
  const bare = stripLead(plain)
  const named = nameOf(bare, scene, tool)
  if (named.kind === 'ask') return named.ask
  if (scene.tail !== null) {
    const problem = placeTail(scene.tail, { tool, args, title, named: named.title, scene, given })
    if (problem) return problem
  }
  if (args[title] === undefined) args[title] = named.title
  if (args[title] === '') return unsure('What should its title be?', 'Quel titre lui donner ?', { candidates: [tool.name], missing: [title] })
  return command(scene, tool, args)
}

/** What follows a colon is the body when there is a title already, else the title. */
function placeTail(tail: string, { tool, args, title, named, scene, given }: { tool: PlannerTool; args: Record<string, unknown>; title: string; named: string; scene: Scene; given: PlannerGiven }): ClauseResult | undefined {
  if (named === '') {
    const date = hasField(tool, 'due_at') && args.due_at === undefined ? findDate(tail, { ...given, language: scene.language }) : undefined
    if (date) args.due_at = date.at
    args[title] = (date ? `${tail.slice(0, date.start)}${tail.slice(date.end)}` : tail).replace(/^“([^”]*)”$/, '$1').replace(/[\s,;.!]+$/, '').trim()
    return undefined
  }
  if (!hasField(tool, 'body') || args.body !== undefined) return unsure('What follows the colon has no place here.', 'Ce qui suit les deux-points n’a pas de place ici.', { candidates: [tool.name] })
  args.body = tail.replace(/^“([^”]*)”$/, '$1')
  return undefined
}

function nameOf(bare: string, scene: Scene, tool: PlannerTool): { kind: 'title'; title: string } | { kind: 'ask'; ask: ClauseResult } {
  const marks = bare.match(new RegExp(MARK, 'g')) ?? []
  const isAlone = marks.length === 1 && bare.trim().length === 1
  if (marks.length > 1 && bare.replace(new RegExp(MARK, 'g'), '').replace(/\b(?:et|and)\b|[\s,&]/g, '') === '') {
    return { kind: 'ask', ask: unsure('One at a time, please: give the title of one.', 'Un seul à la fois : donnez le titre d’un seul.', { candidates: [tool.name], missing: ['title'] }) }
  }
  if (!isAlone && new RegExp(`^\\s*${MARK}`).test(bare)) {
    return { kind: 'ask', ask: unsure('I do not understand what follows the title. One thing at a time, please.', 'Je ne comprends pas ce qui suit le titre. Une chose à la fois, s’il vous plaît.', { candidates: [tool.name], missing: [] }) }
  }
  return { kind: 'title', title: isAlone ? plainTitle(bare, scene.literals) : restore(bare, scene.literals).replace(/[\s,;]+$/, '').trim() }
}

function takePlace(plain: string, tool: PlannerTool, args: Record<string, unknown>): string {
  if (!hasField(tool, 'sphere_id') || args.sphere_id !== undefined) return plain
  const head = /^\s+(?:dans|in)\s+/.test(fold(plain)) ? placeAtFront(plain) : undefined
  const place = placeAtEnd(fold(plain))
  if (place) args.sphere_id = place.code
  else if (head) args.sphere_id = head.code
  return place ? plain.slice(0, place.start) : head ? head.rest : plain
}

/** «Crée une note dans Entreprise appelée X»: the sphere before a title that is led in or quoted. */
function placeAtFront(plain: string): { code: string; rest: string } | undefined {
  const found = /^(\s+(?:dans|in)\s+[^\ue000-\ue0ff]{2,40}?)(?=\s+(?:called|named|titled|entitled|appelee?|intitulee?|nommee?|avec|with)\b|\s*[\ue000-\ue0ff])/.exec(fold(plain))
  const place = found?.[1] === undefined ? undefined : placeAtEnd(found[1])
  return found && place && place.start === 0 ? { code: place.code, rest: plain.slice(found[0].length) } : undefined
}

function takeEmail(plain: string, tool: PlannerTool, args: Record<string, unknown>): string {
  const found = hasField(tool, 'email') ? EMAIL.exec(plain) : null
  if (!found) return plain
  args.email = found[0]
  const before = plain.slice(0, found.index)
  const lead = EMAIL_LEAD.exec(fold(before))?.index ?? before.length
  return `${before.slice(0, lead)}${plain.slice(found.index + found[0].length).replace(/^[)>\s]+/, ' ')}`.trimEnd()
}

function takeBody(plain: string, scene: Scene, tool: PlannerTool, args: Record<string, unknown>): string {
  const found = hasField(tool, 'body') ? BODY.exec(fold(plain)) : null
  if (!found) return plain
  const body = plain.slice(found.index + found[0].length).trim()
  if (body !== '') args.body = plainTitle(body, scene.literals)
  else if (scene.tail !== null) args.body = undefined
  return plain.slice(0, found.index)
}

function takeDate(plain: string, scene: Scene, given: PlannerGiven): { at: string; plain: string } | undefined {
  const date = findDate(plain, { language: scene.language, now: given.now, timeZone: given.timeZone })
  return date && { at: date.at, plain: `${plain.slice(0, date.start)} ${plain.slice(date.end)}`.trimEnd() }
}

function stripLead(plain: string): string {
  let rest = plain
  const connectors = skipConnectors(`${fold(rest)} `)
  rest = rest.slice(connectors).trimStart()
  if (connectors > 1 && /^\s*[\ue000-\ue0ff]/.test(rest)) return rest
  const purpose = PURPOSE.exec(fold(rest))?.[0].length ?? 0
  return rest.slice(purpose).trim()
}

/** «Rappelle-moi d'appeler Paul demain», "remind me to …": a task, with its date when one is said. */
export const fillRemind: Filler = (scene, tools, given) => {
  const tool = tools.find(({ verb, nouns }) => verb === 'create' && nouns.en.includes('task'))
  const to = /^[àÀ]\s/.test(scene.plain) ? 2 : 0
  return tool && create(scene, tool, { from: to, given })
}
