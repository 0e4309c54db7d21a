import { phrase } from '../text/line.ts'

/** How a noun is pointed at: which one is meant, whether one at all, or all of them. */
export type Pointing = 'definite' | 'mine' | 'this' | 'indefinite' | 'some' | 'all' | 'number' | 'none' | 'bare'

const KINDS: Array<[Pointing, string]> = [
  ['all', "(?:toute?s?|tous)(?: (?:les|mes|nos|ces|ses|tes|vos|le|la|l'|ma|mon))?|all(?: of)?(?: (?:the|my|our|these|those|your))?|every(?: single)?|each(?: of (?:my|the))?|chaque|both(?: of)?(?: the| my)?|l' ensemble (?:de|des)(?: (?:mes|les))?|chacune? de(?: mes| nos)?|the whole|everything in"],
  ['number', "(?:(?:les|mes|nos|ces|the|my|our|these|those) )?(?:deux|trois|quatre|cinq|six|sept|huit|dix|two|three|four|five|six|seven|eight|ten|[2-9]|[1-9]\\d{1,3})(?: of (?:my|the))?"],
  ['none', "aucune?|nulle?|no|none of(?: my| the)?"],
  ['this', "ce|cet|cette|ces|this|that|these|those"],
  ['mine', "mon|ma|mes|notre|nos|my|our|ton|ta|tes|votre|vos|your|one of my|un de mes|une de mes|l' une? de mes"],
  ['some', "des|du|de la|de l'|some|any|several|quelques|plusieurs|certaine?s|d'|a few|many|de"],
  ['indefinite', "un|une|a|an|another|one|a new|un autre|une autre|encore une?|une? nouvel(?:le)?|yet another"],
  ['definite', "le|la|les|l'|the"],
]

export const DETERMINERS: Array<[Pointing, ReturnType<typeof phrase>]> = KINDS.map(([pointing, source]) => [pointing, phrase(source)])

/** Adjectives that change nothing about what is meant. */
export const PLAIN_ADJECTIVES = phrase("nouvel(?:le)?|nouveaux?|nouvelles|new|petite?s?|quick|brand-new|short|little|small|simple|brief|rapide|brand new|blank|empty|vide|additional|extra|supplementaire|autre|other|private|urgent|urgente|important|importante|nice|existing|entire|whole|complete|quick little|courte?s?")

/** Adjectives that point at one without naming it: which is last is not the grammar's to say. */
export const POINTING_ADJECTIVES = phrase("derniere?s?|last|latest|recente?s?|recent|newest|oldest|first|premiere?s?|precedente?s?|previous|current|actuel(?:le)?s?|vieux|vieille|old|ancien(?:ne)?s?|same|meme|second|deuxieme|next|prochaine?|avant-derniere?|most recent|plus recente?s?|plus ancien(?:ne)?s?")
