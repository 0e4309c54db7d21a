import type { PlannerTool } from './planner-tool.ts'
import { cut, trim, type Text } from './reading.ts'

/** `plain` many: «les notes A et B»; `all`: «toutes mes notes», "every note", which no title narrows. */
export type Determiner = 'definite' | 'indefinite' | 'plain' | 'all' | 'none'

/** The object that a clause names at its front: the tools that take it, and where its title begins. */
export type FoundObject = { tools: PlannerTool[]; determiner: Determiner; noun: string; length: number }

const ALL = "all(?: of)?(?: the| my| our| these| those)?|every(?: single)?|each(?: of)?(?: the| my)?|any(?: of)?(?: the| my)?|some(?: of)?(?: the| my)?|both(?: of)?(?: the| my)?|several|many|most(?: of)?(?: the| my)?|half(?: of)?(?: the| my)?|a few|few|the rest of(?: the| my)?|other|the other|toutes?(?: mes| les| nos| ces| tes)?|tous?(?: mes| les| nos| ces| tes)?|chaque|chacune? de(?: mes|s)|quelques(?:-une?s de mes)?|plusieurs|des|certaines?|la plupart de(?: mes|s)|les autres|mes autres|le reste de(?: mes|s)|(?:the|my|les|mes|ces|nos) (?:(?:first|last|premieres?|dernieres?|premiers|derniers) )?(?:two|three|four|five|ten|\\d+|deux|trois|quatre|cinq|dix)(?: premieres?| dernieres?| premiers| derniers)?|two|three|four|five|six|seven|eight|nine|ten|deux|trois|quatre|cinq|six|sept|huit|neuf|dix|\\d{1,4}"
const PLAIN = 'the following|these|those|les|mes|nos|ces|tes|vos|les suivantes'
const INDEFINITE = "a(?: brand)?(?: new)?|an|another|one(?: more)?|une? autre|une|un|d'une|d'un|a single"
const DEFINITE = "the|my|our|your|this|that|la|le|l'|ma|mon|ta|ton|notre|votre|cette|ce|cet|the one|de la|du|de l'|de ma|de mon"
const ADJECTIVES = 'new|quick|short|little|small|tiny|first|last|latest|recent|old|simple|high[- ]priority|urgent|important|quick little|brand new|fresh|nouvelle|nouveau|nouvel|petite|petit|toute petite|premiere|premier|derniere|dernier|ancienne|ancien|vieille|vieux|existing|open|shiny|lovely|bonne|private|personal(?= (?:note|task|thread|contact))|handy'
const lead = (alternatives: string): RegExp => new RegExp(`^(?:${alternatives})(?:\\s+|(?<=')|$)`)
const LEADS: Array<[Exclude<Determiner, 'none'>, RegExp]> = [['all', lead(ALL)], ['plain', lead(PLAIN)], ['indefinite', lead(INDEFINITE)], ['definite', lead(DEFINITE)]]
const ADJECTIVE = new RegExp(`^(?:(?:${ADJECTIVES})\\s+)+`)
const NEW = /(?:^|\s)(?:new|nouvelle|nouveau|nouvel|another|autre|fresh|more)\s/
const BEHIND = /^\s(?:rapide|urgente?|importante?|prioritaire|privee?|perso|suivante?|ci-dessous)(?=\s*$|\s*[,:]|\s[\ue000-\uf8ff]|\s(?:appelee?|intitulee?|nommee?|pour|de|d'|qui|avec|sur|a propos))/

/** The determiner and adjectives at the front of a folded text. */
export function determinerAt(folded: string): { determiner: Determiner; length: number } {
  for (const [determiner, pattern] of LEADS) {
    const length = pattern.exec(folded)?.[0].length ?? 0
    if (length === 0) continue
    const adjectives = ADJECTIVE.exec(folded.slice(length))?.[0].length ?? 0
    return { determiner: determiner === 'definite' && NEW.test(` ${folded.slice(length, length + adjectives)}`) ? 'indefinite' : determiner, length: length + adjectives }
  }
  const adjectives = ADJECTIVE.exec(folded)?.[0] ?? ''
  return { determiner: NEW.test(` ${adjectives}`) ? 'indefinite' : 'none', length: adjectives.length }
}

const isLetter = (character: string): boolean => /[\p{L}\p{N}-]/u.test(character)

/** The longest noun of the tools at a place in a folded text. */
export function nounAt(folded: string, at: number, tools: PlannerTool[]): { noun: string; tools: PlannerTool[] } | undefined {
  let best: { noun: string; tools: PlannerTool[] } | undefined
  for (const tool of tools) {
    for (const noun of tool.folded) {
      if (noun.length < (best?.noun.length ?? 1) || !folded.startsWith(noun, at) || isLetter(folded.charAt(at + noun.length))) continue
      if (best?.noun !== noun) best = { noun, tools: [tool] }
      else if (!best.tools.includes(tool)) best.tools.push(tool)
    }
  }
  return best
}

/** A noun in -s whose form without it is a noun too. */
export const isPlural = (noun: string, tools: PlannerTool[]): boolean => noun.endsWith('s') && tools.some(({ folded }) => folded.includes(noun.slice(0, -1)))

/** Finds the object at the front of a folded text, by the nouns of the tools. */
export function findObject(folded: string, tools: PlannerTool[]): FoundObject | undefined {
  const { determiner, length } = determinerAt(folded)
  // "one note" and «une note»: the number may be the noun's own article, or nothing at all.
  const found = nounAt(folded, length, tools)
  if (!found) return undefined
  const behind = BEHIND.exec(folded.slice(length + found.noun.length))?.[0].length ?? 0
  const many = isPlural(found.noun, found.tools)
  return { tools: found.tools, noun: found.noun, determiner: many && determiner !== 'all' ? (determiner === 'indefinite' ? 'all' : 'plain') : determiner, length: length + found.noun.length + behind }
}

const CONNECTORS = /^(?:[\s,=>–—·-]|(?:(?:that(?:'s| is)|which is|and|qui est|and is|to be)\s+)?(?:called|named|titled|entitled|labelled|labeled|headed|known as|with (?:the |a |as )?(?:title|name)|by the name of|(?:with|whose) (?:title|name)(?: is)?|appele[es]*|nomme[es]*|intitule[es]*|titre[es]*|denomme[es]*|baptise[es]*|qui s'appelle(?:ra)?|qui se nomme|dont le titre (?:est|sera)|du nom de|du nom|ayant pour titre|avec (?:le |pour |comme )?(?:titre|nom)|sous le (?:titre|nom)(?: de)?|au nom de|title|titre|name)(?=[\s,\ue000-\uf8ff]|$))+/

/** How many characters of a folded text only lead to a title. */
export const skipConnectors = (folded: string): number => CONNECTORS.exec(folded)?.[0].length ?? 0

/** True when more than spaces led to the title, so that all that follows is one. */
export const isNamed = (folded: string): boolean => /\p{L}/u.test(CONNECTORS.exec(folded)?.[0] ?? '')

export type EndObject = { tools: PlannerTool[]; noun: string; determiner: Determiner; title: Text }

/** "The groceries note", "my “call Bob” task": the title before its kind, as English has it. */
export function findEndObject(text: Text, tools: PlannerTool[]): EndObject | undefined {
  const whole = trim(text)
  const { determiner, length } = determinerAt(whole.folded)
  const at = Math.max(whole.folded.lastIndexOf(' '), whole.folded.search(/[\ue000-\uf8ff](?=[a-z-]+$)/))
  // A noun of two words such as "payment order" may end it too.
  const starts = [whole.folded.lastIndexOf(' ', at - 1), at].filter((start) => start > 0 && start >= length)
  for (const start of starts) {
    const found = nounAt(whole.folded, start + 1, tools)
    if (!found || start + 1 + found.noun.length !== whole.folded.length || isPlural(found.noun, found.tools)) continue
    const title = trim(cut(whole, length, start + (whole.folded.charAt(start) === ' ' ? 0 : 1)))
    return title.plain === '' ? undefined : { tools: found.tools, noun: found.noun, determiner, title }
  }
  return undefined
}
