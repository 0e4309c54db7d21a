import type { ClauseResult } from './clause.ts'
import { fold } from './reading.ts'
import type { PlannerTool } from './planner-tool.ts'
import { unsure, type Scene } from './scene.ts'

/** The object that a clause names: the tools that take it, whether many are meant, and where its title begins. */
export type FoundObject = { tools: PlannerTool[]; plural: boolean; length: number }

const SINGLE = "the|a|an|my|our|this|that|another|one|la|le|l'|une|un|ma|mon|notre|cette|ce|cet|cet te|de la|du|d'une|d'un|de l'"
const MANY = "all(?: of)?(?: my| the| our| these| those)?|every|each|any|these|those|some|both|toutes?(?: mes| les| nos| ces)?|tous(?: mes| les| nos| ces)?|chaque|les|mes|nos|ces|des|quelques|plusieurs|\\d+|deux|trois|quatre|cinq|six|sept|huit|dix|cent|mille|two|three|four|five|six|seven|eight|nine|ten|hundred|several|many|a few"
const ADJECTIVES = 'completed|done|finished|overdue|late|pending|unfinished|remaining|closed|new|quick|short|little|small|last|latest|recent|old|first|nouvelle|nouveau|nouvel|petite|petit|derniere|dernier|premiere|ancienne|vieille|open|existing'
const LEAD = new RegExp(`^(?:(${MANY})(?:\\s+|(?<='))|(${SINGLE})(?:\\s+|(?<=')))?(?:(?:${ADJECTIVES})\\s+)*`)

const escape = (text: string): string => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')

/** Finds the object at the front of a folded text, by the nouns of the tools; the longest noun that fits wins. */
export function findObject(folded: string, tools: PlannerTool[]): FoundObject | undefined {
  const lead = LEAD.exec(folded)
  const at = lead?.[0].length ?? 0
  const rest = folded.slice(at)
  let best: { noun: string; tools: PlannerTool[] } | undefined
  for (const tool of tools) {
    for (const noun of [...tool.nouns.en, ...tool.nouns.fr].map(fold)) {
      if (noun.length < (best?.noun.length ?? 0) || !new RegExp(`^${escape(noun)}(?![\\p{L}\\p{N}-])`, 'u').test(rest)) continue
      if (best && noun.length === best.noun.length) {
        if (!best.tools.includes(tool)) best.tools.push(tool)
      } else best = { noun, tools: [tool] }
    }
  }
  if (!best) return undefined
  return { tools: best.tools, plural: lead?.[1] !== undefined || isPlural(best.noun, best.tools), length: at + best.noun.length }
}

/** A noun in -s whose form without it is a noun of the tool too. */
const isPlural = (noun: string, tools: PlannerTool[]): boolean =>
  noun.endsWith('s') && tools.some(({ nouns }) => [...nouns.en, ...nouns.fr].map(fold).includes(noun.slice(0, -1)))

const CONNECTORS = /^(?:\s|,|(?:called|named|titled|entitled|labelled|labeled|headed|known as|with (?:the )?(?:title|name)|whose (?:title|name) is|that is called|which is called|appele[es]*|nomme[es]*|intitule[es]*|titre[es]*|denomme[es]*|qui s'appelle|dont le titre est|du nom de|ayant pour titre|avec (?:le |pour )?(?:titre|nom)|avec comme titre|is|=|-|—)(?=[\s\ue000-\ue0ff]))+/

/** How many characters of a folded text only lead to a title. */
export const skipConnectors = (folded: string): number => CONNECTORS.exec(folded)?.[0].length ?? 0

/** "Delete the note A but not B": what is left out cannot be told, so it is asked about. Creating and writing may say «pas». */
export function leavesOut(scene: Scene, result: ClauseResult): ClauseResult | undefined {
  if (result.kind !== 'commands') return undefined
  const [first] = result.commands
  const careful = first && !/\.(?:create|post|send|search)$/.test(first.tool)
  if (!careful || !/(?:^|[\s,;])(?:not|except|excluding|pas|sauf|excepte|hormis|unless|only if)(?=[\s,]|$)/.test(scene.folded)) return undefined
  return unsure('You leave something out. Please say exactly which one you mean.', 'Vous excluez quelque chose. Dites exactement lequel vous voulez.', { candidates: result.commands.map(({ tool }) => tool) })
}
