import type { Language } from '../../../platform/text.ts'
import { fold } from './reading.ts'
import { ENGLISH_VERBS } from './words-en.ts'
import { FRENCH_VERBS } from './words-fr.ts'

/** What a verb asks for. One verb may ask for several; its object decides. */
export type VerbClass = 'create' | 'delete' | 'update' | 'complete' | 'archive' | 'reopen' | 'restore' | 'search' | 'send' | 'post' | 'transfer' | 'pay' | 'remind'

export type VerbForm = { form: string; classes: VerbClass[]; language: Language; mood: 'imperative' | 'infinitive' | 'subjunctive' | 'gerund' }

/** Spelled-out forms of verbs that the rule does not make. */
export type Irregular = { infinitive: string; imperative: string[]; subjunctive: string[] }
export type FrenchVerb = { classes: VerbClass[]; regular?: string[]; irregular?: Irregular[]; fixed?: string[] }
export type EnglishVerb = { classes: VerbClass[]; verbs: string[]; fixed?: string[] }

const frenchForms = ({ classes, regular = [], irregular = [], fixed = [] }: FrenchVerb): VerbForm[] => {
  const made = regular.map((infinitive): Irregular => {
    const stem = infinitive.slice(0, -2)
    return { infinitive, imperative: [`${stem}e`, `${stem}es`, `${stem}ez`, `${stem}ons`], subjunctive: [`${stem}es`, `${stem}iez`, `${stem}e`] }
  })
  return [
    ...[...made, ...irregular].flatMap(({ infinitive, imperative, subjunctive }) => [
      { form: infinitive, mood: 'infinitive' as const },
      ...imperative.map((form) => ({ form, mood: 'imperative' as const })), ...subjunctive.map((form) => ({ form, mood: 'subjunctive' as const })),
    ]),
    ...fixed.map((form) => ({ form, mood: 'imperative' as const })),
  ].map(({ form, mood }) => ({ form: fold(form), mood, classes, language: 'fr' as const }))
}

const gerundOf = (verb: string): string => {
  const [first = '', ...rest] = verb.split(' ')
  const stem = /[^e]e$/.test(first) ? first.slice(0, -1) : /(^|[^aeiou])[aeiou][bgnptd]$/.test(first) && first.length < 5 ? `${first}${first.at(-1)}` : first
  return [`${stem}ing`, ...rest].join(' ')
}

const englishForms = ({ classes, verbs, fixed = [] }: EnglishVerb): VerbForm[] => [
  ...verbs.flatMap((verb) => [{ form: verb, mood: 'imperative' as const }, { form: gerundOf(verb), mood: 'gerund' as const }]),
  ...fixed.map((form) => ({ form, mood: 'imperative' as const })),
].map(({ form, mood }) => ({ form, mood, classes, language: 'en' as const }))

const forms: VerbForm[] = [...FRENCH_VERBS.flatMap(frenchForms), ...ENGLISH_VERBS.flatMap(englishForms)]
const byFirstWord = Map.groupBy(forms, ({ form }) => form.split(/[ '-]/)[0] ?? form)

export type FoundVerb = { classes: VerbClass[]; language: Language; mood: VerbForm['mood']; length: number }

const PARTICIPLE = /^[\p{L}]+é(e|s|es)?$/u
const CREE = /^(re)?crées?$/u

/**
 * The verb with which a clause begins, the longest form that fits; undefined when it begins with none.
 * `participle`: it is written as one («supprimé»), which tells what happened and asks for nothing.
 */
export function verbAt(folded: string, plain: string, mood?: VerbForm['mood']): (FoundVerb & { participle: boolean }) | undefined {
  const word = /^\p{L}+/u.exec(plain)?.[0] ?? ''
  const first = fold(word)
  const fitting = (byFirstWord.get(first) ?? [])
    .filter(({ form, mood: of }) => (mood === undefined ? of !== 'gerund' : of === mood) && folded.startsWith(form) && !/[\p{L}\p{N}]/u.test(folded.charAt(form.length)))
  const longest = Math.max(0, ...fitting.map(({ form }) => form.length))
  const best = fitting.filter(({ form }) => form.length === longest)
  const [one] = best
  if (!one) return undefined
  return {
    classes: [...new Set(best.flatMap(({ classes }) => classes))], language: one.language, mood: one.mood, length: longest,
    participle: PARTICIPLE.test(word.toLowerCase()) && !CREE.test(word.toLowerCase()),
  }
}
