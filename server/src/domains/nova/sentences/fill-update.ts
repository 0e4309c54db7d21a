import type { ClauseResult } from './clause.ts'
import { findDate } from './dates.ts'
import { findObject, skipConnectors } from './objects.ts'
import type { PlannerGiven, Reference } from './plan-offline.ts'
import { hasField, referenceField, referenceType, type PlannerTool } from './planner-tool.ts'
import { MARK, plainTitle } from './reading.ts'
import { command, unsure, type Filler, type Scene } from './scene.ts'

const PART = /^(?:(?:the|le|la|l'|un|une)\s*)?(?:(title|name|titre|nom)|(text|body|content|contents|texte|corps|contenu)|(date|due date|deadline|echeance|date limite|date d'echeance))\s+(?:of|for|in|de|du|d'|dans)\s*(?:(?=the|my|la|le|l'|ma|mon)|)/
const TO = /\s+(?:to|into|as|by|with|en|par|a|au|pour|comme|vers)(?=\s)/g
const WHEN = /^(?:report|repouss|decal|reschedul|postpon|push)/

/** «Renomme la note A en B», "change the text of note A to B", «reporte la tâche A à vendredi». */
export const fillUpdate: Filler = (scene, tools, given) => {
  const part = PART.exec(scene.folded)
  const from = part?.[0].length ?? 0
  const folded = scene.folded.slice(from)
  const wrapped = part && /d[eu]\s*$|of\s*$/.test(part[0]) && !/^(?:the|my|la|le|l'|ma|mon)/.test(folded) ? findObject(folded, tools) : findObject(folded, tools)
  const tool = wrapped?.tools.length === 1 ? wrapped.tools[0] : undefined
  const field = tool && referenceField(tool)
  if (!tool || !field || !wrapped) return undefined
  if (wrapped.plural) return which(tool, field.name)
  const at = from + wrapped.length
  const rest = { folded: scene.folded.slice(at), plain: scene.plain.slice(at) }
  const isDate = part?.[3] !== undefined || WHEN.test(scene.span.normalize('NFD').replace(/\p{M}/gu, '').toLowerCase().replace(/^.*?(?=report|repouss|decal|reschedul|postpon|push)/s, ''))
  if (isDate && hasField(tool, 'due_at')) return changeDate(scene, { tool, field: field.name, rest, given })
  const what = part?.[2] !== undefined ? 'body' : 'title'
  return changeText(scene, { tool, field: field.name, rest, what, isNamed: part !== null })
}

type Change = { tool: PlannerTool; field: string; rest: { folded: string; plain: string } }

function changeText(scene: Scene, { tool, field, rest, what, isNamed }: Change & { what: 'title' | 'body'; isNamed: boolean }): ClauseResult {
  if (!hasField(tool, what)) return unsure('That cannot be changed there.', 'Cela ne peut pas être modifié là.', { candidates: [tool.name] })
  const lead = skipConnectors(rest.folded)
  const cut = splitAtTo(rest, lead)
  if (!cut && scene.tail !== null) {
    const title = plainTitle(rest.plain.slice(lead), scene.literals)
    const target = isNamed || !hasField(tool, 'body') ? what : 'body'
    return title === '' ? which(tool, field) : command(scene, tool, { [field]: refer(field, title), [target]: scene.tail.replace(/^“([^”]*)”$/, '$1') })
  }
  if (!cut) return unsure('What should it become?', 'Que doit-il ou elle devenir ?', { candidates: [tool.name], missing: [what] })
  const title = plainTitle(cut.before, scene.literals)
  const value = plainTitle(cut.after, scene.literals)
  if (title === '' || value === '' || scene.tail !== null) return which(tool, field)
  return command(scene, tool, { [field]: refer(field, title), [what]: value })
}

/** Between two quoted parts, or at the only «en», "to"… of bare words; several of them leave it open. */
function splitAtTo({ folded, plain }: { folded: string; plain: string }, lead: number): { before: string; after: string } | undefined {
  // The French «à» folds to the English article.
  const found = [...folded.matchAll(TO)].filter(({ index, 0: text }) => index > lead && !/^\s+a$/i.test(plain.slice(index, index + text.length)))
  const quoted = found.find(({ index, 0: text }) => new RegExp(`${MARK}\\s*$`).test(folded.slice(0, index)) || new RegExp(`^\\s*${MARK}`).test(folded.slice(index + text.length)))
  const one = quoted ?? (found.length === 1 ? found[0] : undefined)
  return one && { before: plain.slice(lead, one.index).trim(), after: plain.slice(one.index + one[0].length).trim() }
}

function changeDate(scene: Scene, { tool, field, rest, given }: Change & { given: PlannerGiven }): ClauseResult {
  const date = findDate(rest.plain, { language: scene.language, now: given.now, timeZone: given.timeZone })
  if (!date) return unsure('To which date?', 'À quelle date ?', { candidates: [tool.name], missing: ['due_at'] })
  const before = rest.plain.slice(0, date.start).replace(/\s+(?:to|until|a|à|au|jusqu'à|jusqu'au)\s*$/i, '')
  const title = plainTitle(before.slice(skipConnectors(rest.folded)), scene.literals)
  return title === '' ? which(tool, field) : command(scene, tool, { [field]: refer(field, title), due_at: date.at })
}

const refer = (field: string, title: string): Reference => ({ ref: referenceType({ name: field, required: true, format: null, choices: null }), title })

const which = (tool: PlannerTool, field: string): ClauseResult =>
  unsure('Which one do you mean? Name one, by its title.', 'Lequel ou laquelle ? Nommez-en un seul, par son titre.', { candidates: [tool.name], missing: [field] })
