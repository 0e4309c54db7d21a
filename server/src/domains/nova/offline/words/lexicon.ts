import { foldWord } from '../text/fold.ts'
import type { Token } from '../text/tokens.ts'
import { conjugateEnglish } from './conjugate-english.ts'
import { conjugateFrench } from './conjugate-french.ts'
import type { Sense } from './sense.ts'
import { ENGLISH_SENSES } from './senses-english.ts'
import { FRENCH_SENSES } from './senses-french.ts'
import type { VerbForm } from './verb-form.ts'

const bySpelling = new Map<string, VerbForm[]>()
for (const form of [...unique(FRENCH_SENSES).flatMap(conjugateFrench), ...unique(ENGLISH_SENSES).flatMap(conjugateEnglish)]) {
  const key = foldWord(form.text)
  bySpelling.set(key, [...bySpelling.get(key) ?? [], form])
}

const byVerb = { fr: Map.groupBy(FRENCH_SENSES, ({ verb }) => verb), en: Map.groupBy(ENGLISH_SENSES, ({ verb }) => verb) }

/** The verbs whose form a word can be. Accents decide where they are written: «supprimé» asks for nothing, «supprime» does. */
export function verbFormsOf({ kind, plain, spelled }: Token): VerbForm[] {
  const forms = kind === 'word' ? bySpelling.get(plain) ?? [] : []
  const exact = forms.filter(({ text }) => text === spelled)
  if (exact.length > 0) return exact
  return spelled === plain ? forms : forms.filter(({ text }) => !/é(?:e|s|es)?$/.test(spelled) || text.endsWith('é'))
}

export const sensesOf = ({ language, verb }: VerbForm): Sense[] => byVerb[language].get(verb) ?? []

/** Verbs long enough that one wrong letter still shows which was meant; only ever used to ask. */
export function nearVerbs({ kind, plain }: Token): VerbForm[] {
  if (kind !== 'word' || plain.length < 6) return []
  return [...bySpelling].filter(([spelling]) => Math.abs(spelling.length - plain.length) <= 1 && isNear(spelling, plain)).flatMap(([, forms]) => forms).filter(({ kind: form }) => form !== 'other' && form !== 'participle')
}

/** One letter more, less, other, or two swapped. */
function isNear(a: string, b: string): boolean {
  let from = 0
  while (from < a.length && a[from] === b[from]) from += 1
  const rest = (text: string, skip: number): string => text.slice(from + skip)
  return rest(a, 1) === rest(b, 1) || rest(a, 1) === rest(b, 0) || rest(a, 0) === rest(b, 1) || (a[from] === b[from + 1] && a[from + 1] === b[from] && rest(a, 2) === rest(b, 2))
}

function unique(all: Sense[]): string[] {
  return [...new Set(all.map(({ verb }) => verb))]
}
