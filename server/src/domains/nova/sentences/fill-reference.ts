import type { ClauseResult } from './clause.ts'
import { findObject, skipConnectors } from './objects.ts'
import type { PlannedCommand, Reference } from './plan-offline.ts'
import { referenceField, referenceType, type PlannerTool } from './planner-tool.ts'
import { MARK, plainTitle } from './reading.ts'
import { planned, unsure, type Filler, type Scene } from './scene.ts'

const UUID = /\b[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}\b/
const TRAILERS = /[\s,]*(?:(?:as|comme)(?: (?:being|etant))? (?:done|complete|completed|finished|closed|faite?|terminee?|finie?|achevee?|completee?)|as done|done|off|away|out|(?:a|dans|vers) la (?:corbeille|poubelle)|(?:in|into|to) the (?:bin|trash|garbage|wastebasket)|de ma liste|from my (?:list|notes|tasks|contacts)|de mes (?:notes|taches|contacts)|de la (?:corbeille|poubelle)|from the (?:bin|trash))$/
const POINTING = /^(?:it|this|that|one|them|this one|that one|la|le|les|ca|cela|celle-ci|celui-ci|celle-la|celui-la|-la|-le|-les|-moi|moi)?$/

/** «Supprime la note X», "mark the task X as done", "archive X": one row of the caller's own, by its title or its id. */
export const fillReference: Filler = (scene, tools, { tools: all }) => {
  const object = findObject(scene.folded, tools)
  // «Ferme le fil X» completes no task: another kind is named.
  if (!object && findObject(scene.folded, all)) return undefined
  const only = tools.length === 1 ? tools[0] : undefined
  const tool = object?.tools.length === 1 ? object.tools[0] : object ? undefined : only
  if (!tool) return undefined
  if (!object && !mayGoWithoutNoun(scene)) return undefined
  const field = referenceField(tool)
  if (!field) return undefined
  const uuid = UUID.exec(scene.folded)?.[0]
  if (uuid) return { kind: 'commands', commands: [planned(scene, tool, { [field.name]: uuid })] }
  return byTitle(scene, { tool, tools, plural: object?.plural ?? false, from: object?.length ?? 0 })
}

/** Without its kind, a row can be named only where a single tool fits the verb, and only by words, not by «la» or "it". */
const mayGoWithoutNoun = ({ folded, tail }: Scene): boolean => !POINTING.test(folded.trim()) && tail === null

type Named = { tool: PlannerTool; tools: PlannerTool[]; plural: boolean; from: number }

function byTitle(scene: Scene, { tool, tools, plural, from }: Named): ClauseResult {
  const marks = scene.plain.slice(from).match(new RegExp(MARK, 'g')) ?? []
  if (marks.length > 1) return severalQuoted(scene, { tool, tools, from })
  if (plural && marks.length === 0) return which(tool)
  const { folded, plain } = cutEnd(scene, from)
  const start = skipConnectors(folded)
  const bare = plain.slice(start).trim()
  // A quoted title stands alone; words beside it would be left unread.
  const title = marks.length === 1 ? (bare.replace(new RegExp(MARK), '').trim() === '' ? plainTitle(bare, scene.literals) : null) : bare
  if (title === null) return unsure(`I do not understand all of “${plain.replace(new RegExp(MARK, 'g'), '…').trim()}”.`, 'Je ne comprends pas toute la phrase.', { candidates: [tool.name] })
  if (marks.length === 0 && bareSecondObject(folded.slice(start), tools)) return which(tool)
  const second = secondObject(folded.slice(start), tools)
  if (second !== undefined && marks.length === 0) return severalBare(scene, { tool, tools, folded: folded.slice(start), plain: plain.slice(start), at: second })
  const whole = scene.tail === null ? title : title === '' ? scene.tail : null
  if (whole === null) return unsure('What follows the colon has no place here.', 'Ce qui suit les deux-points n’a pas de place ici.', { candidates: [tool.name] })
  if (POINTING.test(whole.toLowerCase())) return which(tool)
  return { kind: 'commands', commands: [refer(scene, tool, whole)] }
}

const refer = (scene: Scene, tool: PlannerTool, title: string, confidence = 0.95): PlannedCommand => {
  const field = referenceField(tool)
  if (!field) throw new TypeError(`${tool.name} names no row`)
  const reference: Reference = { ref: referenceType(field), title }
  return planned(scene, tool, { [field.name]: reference }, confidence)
}

function cutEnd({ plain, folded }: Scene, from: number): { plain: string; folded: string } {
  const found = TRAILERS.exec(folded.slice(from))
  const end = found && found.index > 0 ? from + found.index : folded.length
  return { plain: plain.slice(from, end), folded: folded.slice(from, end) }
}

const which = (tool: PlannerTool): ClauseResult =>
  unsure('Which one do you mean? Name one, by its title.', 'Lequel ou laquelle ? Nommez-en un seul, par son titre.', { candidates: [tool.name], missing: [referenceField(tool)?.name ?? 'id'] })

/** «Supprime les notes "A" et "B"», "delete the note "A" and the task "B"": each quoted title is a call of its own. */
function severalQuoted(scene: Scene, { tool, tools, from }: { tool: PlannerTool; tools: PlannerTool[]; from: number }): ClauseResult {
  const commands: PlannedCommand[] = []
  let current = tool
  let at = from
  for (const mark of scene.plain.slice(from).matchAll(new RegExp(MARK, 'g'))) {
    const between = scene.folded.slice(at, from + mark.index).replace(/^\s*(?:,|et|and|&|plus|ainsi que|as well as)*\s*(?:et|and)?\s*/, '').trim()
    const object = between === '' ? undefined : findObject(between, tools)
    if (object?.tools[0]) current = object.tools[0]
    const rest = between.slice(object?.length ?? 0)
    if (rest.slice(skipConnectors(`${rest} `)).trim() !== '') return which(tool)
    commands.push(refer(scene, current, plainTitle(mark[0], scene.literals)))
    at = from + mark.index + 1
  }
  const after = scene.folded.slice(at).replace(TRAILERS, '').trim()
  return after === '' && scene.tail === null ? { kind: 'commands', commands } : which(tool)
}

/** "The note A and note B" without an article may be two rows or one title: it is asked about. */
const bareSecondObject = (folded: string, tools: PlannerTool[]): boolean =>
  [...folded.matchAll(/(?:,|\bet\b|\band\b|&)\s+(?!(?:the|my|la|le|l'|ma|mon)\b)/g)].some(({ index, 0: glue }) => index > 0 && findObject(folded.slice(index + glue.length), tools) !== undefined)

/** Where a second object with its article begins in a title: "the note bread and the task milk". */
function secondObject(folded: string, tools: PlannerTool[]): number | undefined {
  for (const found of folded.matchAll(/\s*(?:,|\bet\b|\band\b)\s+(?=(?:the|my|la|le|l'|ma|mon)\b)/g)) {
    if (found.index > 0 && findObject(folded.slice(found.index + found[0].length), tools)) return found.index
  }
  return undefined
}

function severalBare(scene: Scene, given: { tool: PlannerTool; tools: PlannerTool[]; folded: string; plain: string; at: number }): ClauseResult {
  const { folded, plain, at, tools, tool } = given
  const glue = /^\s*(?:,|et|and)\s+/.exec(folded.slice(at))?.[0].length ?? 0
  const object = findObject(folded.slice(at + glue), tools)
  const second = object?.tools.length === 1 ? object.tools[0] : undefined
  const start = at + glue + (object?.length ?? 0)
  const rest = folded.slice(start)
  const title = plain.slice(start + skipConnectors(rest)).trim()
  if (!second || object?.plural || title === '' || secondObject(rest, tools) !== undefined) return which(tool)
  return { kind: 'commands', commands: [refer(scene, tool, plain.slice(0, at).trim()), refer(scene, second, title)] }
}
