import { findObject } from './objects.ts'
import { plainTitle } from './reading.ts'
import { hasField, type PlannerTool } from './planner-tool.ts'
import { command, type Filler, type Scene } from './scene.ts'
import type { ClauseResult } from './clause.ts'

const OPEN = /\b(?:open|pending|unfinished|outstanding|remaining|incomplete|to do|todo|overdue|late|ouvertes?|en cours|a faire|en retard|restantes?|en attente|pas (?:encore )?(?:faites|terminees|finies)|not done)\b/
const DONE = /\b(?:done|completed?|finished|closed|terminees?|faites?|finies?|achevees?|completees?)\b/
const ABOUT = /^[\s,]*(?:(?:that|which|qui) )?(?:about|on|for|with|containing|contain|contains|mention|mentions|mentioning|matching|regarding|concerning|related to|called|named|titled|are about|is about|sur|a propos (?:de|du|des|d')|au sujet (?:de|du|des|d')|concernant|contenant|contiennent|parlent de|parle de|parlant de|mentionnant|mentionnent|avec|appelee?s?|nommee?s?|intitulee?s?|de|du|des|d'|pour)(?:\s+|(?<='))(?:the |le |la |les |l'|mon |ma |mes |my )?/
const IN_MY = /\s*(?:in|dans|parmi|among|from|de)\s+(?:my|the|mes|les|all my|toutes mes|tous mes)\s+/

/** «Montre-moi mes tâches ouvertes», "find notes about the garden": what is wanted, never more than a question. */
export const fillSearch: Filler = (scene, tools) => {
  const object = findObject(scene.folded, tools)
  if (object?.tools.length === 1 && object.tools[0]) return search(scene, object.tools[0], object.length)
  if (object) return undefined
  return searchWithin(scene, tools)
}

function search(scene: Scene, tool: PlannerTool, from: number): ClauseResult {
  const args: Record<string, unknown> = {}
  let folded = scene.folded.slice(from)
  let plain = scene.plain.slice(from)
  const status = hasField(tool, 'status') ? (OPEN.test(scene.folded) ? 'open' : DONE.test(scene.folded) ? 'done' : undefined) : undefined
  if (status) {
    args.status = status
    const words = status === 'open' ? OPEN : DONE
    const found = words.exec(folded)
    if (found) {
      folded = `${folded.slice(0, found.index)}${folded.slice(found.index + found[0].length)}`
      plain = `${plain.slice(0, found.index)}${plain.slice(found.index + found[0].length)}`
    }
  }
  const lead = ABOUT.exec(folded)?.[0].length ?? 0
  const query = plainTitle((scene.tail ?? plain.slice(lead)).trim(), scene.literals).replace(/^(?:que j'ai|i have|qui sont|that are|which are|are|sont)\b\s*/, '').trim()
  if (query !== '') args.query = query
  return command(scene, tool, args)
}

/** «Cherche jardin dans mes notes», "search for milk in my tasks". */
function searchWithin(scene: Scene, tools: PlannerTool[]): ClauseResult | undefined {
  const found = IN_MY.exec(scene.folded)
  if (!found) return undefined
  const object = findObject(scene.folded.slice(found.index + found[0].length), tools)
  const [tool] = object?.tools ?? []
  const before = scene.plain.slice(0, found.index).trim()
  const query = plainTitle(before.replace(/^(?:for|about|the word|le mot|la|le|les|l')\s+/i, ''), scene.literals)
  return tool && object?.tools.length === 1 && query !== '' ? command(scene, tool, { query }) : undefined
}
