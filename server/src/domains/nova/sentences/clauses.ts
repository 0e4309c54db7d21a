import { skipPoliteness } from './frames.ts'
import { startsNegated, startsWithVerb } from './moods.ts'
import type { Reading } from './reading.ts'

/** One clause: its part of the reading. `apart`: set off by «mais», "but" or a full stop. `sentence`: begins or ends one. */
export type Clause = Reading & { apart: boolean; sentence: boolean }

const SEPARATOR = /\s*(?:[.!;](?=\s)|[?](?=\s))\s*|\s*,?\s+(?:et puis|et ensuite|et aussi|puis|ensuite|apres ca|et|and then|and also|and|then|after that|but|mais|plus)\s+|\s*,\s+/g
/** Verbs that name things too: after a mere comma they go on with the sentence before. */
const NOUNS_TOO = /^(?:e-?mail|mail|message|text|note|file|bin|list|post|comment|mark|record|start|set|drop|answer|reply|open|complete|finish|note[sz]?|poste|commande|marque|classe|range|passe|ferme|liste|adresse)(?![\p{L}])/u
/** «Vas-y et…», "go ahead and …": what comes before is no clause. */
const GO_AHEAD = /(?:^|[\s,])(?:go ahead|go on|come on|try|vas-y|allez-y|allez)$/
const CLAUSES_MAX = 20

/** Splits where a new command or a new «don't» begins; a title that holds «et» or a comma stays whole. The tail is the last clause's. */
export function splitClauses(reading: Reading): Clause[] {
  const { plain, folded } = reading
  const cuts: Array<{ end: number; next: number; apart: boolean; sentence: boolean }> = []
  for (const found of folded.matchAll(SEPARATOR)) {
    const next = found.index + found[0].length
    const isSentence = /[.!?]/.test(found[0])
    const start = next + skipPoliteness(folded.slice(next))
    if (GO_AHEAD.test(folded.slice(0, found.index))) continue
    const isBareComma = /^\s*,\s+$/.test(found[0])
    if (isBareComma && NOUNS_TOO.test(folded.slice(start))) continue
    if (!/[.!?;]/.test(found[0]) && /^(?:notes?|note[sz]|memos?)(?!\p{L})/u.test(folded.slice(start))) continue
    const begins = startsWithVerb(folded.slice(start), plain.slice(start)) || startsNegated(folded.slice(next)) || isSentence
    if (begins && found.index > 0 && cuts.length < CLAUSES_MAX) cuts.push({ end: found.index + (found[0].includes('?') ? found[0].indexOf('?') + 1 : 0), next, apart: isSentence || /but|mais|;/.test(found[0]), sentence: isSentence })
  }
  const clauses: Clause[] = []
  let from = 0
  for (const cut of [...cuts, { end: plain.length, next: plain.length, apart: true, sentence: true }]) {
    const last = cut.next === plain.length
    clauses.push({ plain: plain.slice(from, cut.end), folded: folded.slice(from, cut.end), literals: reading.literals, tail: last ? reading.tail : null, apart: cut.apart, sentence: cut.sentence })
    from = cut.next
  }
  return clauses.filter(({ plain: text, tail }) => text.trim() !== '' || tail !== null)
}
