import type { Language } from '../../../platform/text.ts'
import { languageOf } from './language.ts'
import { fold, type Text } from './reading.ts'
import { ENGLISH_VERBS } from './words-en.ts'
import { FRENCH_VERBS } from './words-fr.ts'
import { englishForms, frenchForms } from './verb-forms.ts'

/** What a verb asks for. One verb may ask for several; its object decides. */
export type VerbClass = 'create' | 'delete' | 'update' | 'complete' | 'archive' | 'reopen' | 'restore' | 'search' | 'send' | 'post' | 'transfer' | 'pay' | 'remind' | 'goto' | 'own'

/**
 * What else is known of a verb. `note`: it names its object itself (jot down); `direct`: the recipient follows it (tell Bob);
 * `noun`: its form is a noun too (email); `weak`: creates only what is new («mets une note», not «mets la note»);
 * `bare`: its object needs no kind (tick off milk); `state`: it says to which state (mark … as done); `date`: it moves a date;
 * `name`: it changes a title; `self`: it is said to oneself (remember to …); `me`: it needs «moi» (remind me).
 */
export type VerbTrait = 'note' | 'direct' | 'noun' | 'weak' | 'bare' | 'state' | 'date' | 'name' | 'self' | 'me' | 'ask'

export type VerbMood = 'imperative' | 'infinitive' | 'present' | 'gerund'
export type VerbForm = { form: string; classes: VerbClass[]; traits: VerbTrait[]; language: Language; mood: VerbMood | 'homophone' | 'past' }

/** A pronoun that hangs on a verb: `me` for whom it is done, `dative` (lui, him) to whom, `object` (la, it) what. */
export type Clitic = 'me' | 'dative' | 'object'

export type FoundVerb = { classes: VerbClass[]; traits: VerbTrait[]; language: Language; mood: VerbMood; form: string; length: number; clitics: Clitic[] }

const forms: VerbForm[] = [...FRENCH_VERBS.flatMap(frenchForms), ...ENGLISH_VERBS.flatMap(englishForms)]
const firstWord = (text: string): string => /^[\p{L}\p{N}]+/u.exec(text)?.[0] ?? ''
const byFirstWord = Map.groupBy(forms, ({ form }) => firstWord(form))

const PARTICIPLE = /^\p{L}+é(?:e|s|es)?$/u
const SOUNDED_E = /^(?:re)?cré/u

const isAt = (folded: string, form: string): boolean => folded.startsWith(form) && !/[\p{L}\p{N}]/u.test(folded.charAt(form.length))

/** The verb with which a text begins in one of the wanted forms, the longest that fits, with the pronouns that hang on it. */
export function verbAt(text: Text, wanted: Array<VerbForm['mood']>): FoundVerb | undefined {
  const fitting = (byFirstWord.get(firstWord(text.folded)) ?? []).filter(({ form, mood }) => wanted.includes(mood) && isAt(text.folded, form))
  const length = Math.max(0, ...fitting.map(({ form }) => form.length))
  const best = fitting.filter(({ form }) => form.length === length)
  const [one] = best
  if (!one) return undefined
  // «Note», «archive» and «complete» are words of both languages.
  const language = best.every((form) => form.language === one.language) ? one.language : languageOf(text)
  const clitics = cliticsAfter(text.folded.slice(length), language)
  const classes = [...new Set(best.flatMap((form) => form.classes))]
  return {
    classes, traits: [...new Set(best.flatMap(({ traits }) => traits))], language, mood: one.mood === 'homophone' || one.mood === 'past' ? 'infinitive' : one.mood,
    form: one.form, length: length + clitics.length, clitics: clitics.found,
  }
}

/** True when the verb is written as a participle («supprimé»), which tells what happened. «Créé» aside, «cree» is ambiguous without accents only. */
export function isParticiple({ plain }: Text): boolean {
  const word = /^\p{L}+/u.exec(plain)?.[0].toLowerCase() ?? ''
  return SOUNDED_E.test(word) ? /^(?:re)?créé(?:e|s|es)?$/u.test(word) : PARTICIPLE.test(word)
}

const FRENCH_CLITIC = /^(?:-(moi|nous|toi|m'|vous)|-(lui|leur)|-(les|la|le|l'|en|y|ca)|[ ](moi|nous)(?= )|[ ](lui|leur)(?= ))(?![\p{L}\p{N}])/u
const ENGLISH_CLITIC = /^ (me|us)(?=\s+(?:an?|another|the|my|our|all|any|some|what|which|which|new|open|to|that|every|\d|[\ue000-\uf8ff])(?![\p{L}]))/u

function cliticsAfter(rest: string, language: Language): { found: Clitic[]; length: number } {
  const found: Clitic[] = []
  let length = 0
  for (let times = 0; times < 3; times += 1) {
    const one = language === 'fr' ? FRENCH_CLITIC.exec(rest.slice(length)) : ENGLISH_CLITIC.exec(rest.slice(length))
    if (!one) break
    found.push(one[2] ?? one[5] ? 'dative' : one[3] ? 'object' : 'me')
    length += one[0].length
  }
  return { found, length }
}

const PROCLITIC = /^(?:(me |m'|nous )|(lui |leur )|(les |la |le |l'))(?=\p{L})/u

/** Pronouns before an infinitive: «peux-tu me la supprimer». */
export function proclitics(folded: string): { found: Clitic[]; length: number } {
  const found: Clitic[] = []
  let length = 0
  for (let times = 0; times < 3; times += 1) {
    const one = PROCLITIC.exec(folded.slice(length))
    if (!one) break
    found.push(one[1] ? 'me' : one[2] ? 'dative' : 'object')
    length += one[0].length
  }
  return { found, length }
}

const said = new Set(forms.filter(({ classes }) => !classes.includes('own')).flatMap(({ form, traits, mood }) => (form.includes(' ') || (traits.includes('noun') && mood !== 'past') ? [] : [fold(form)])))
const SAID_MAX = 300

/** Whether a verb of the grammar stands anywhere in a folded text, in any form: what does not begin with it tells of it. */
export const tellsOf = (folded: string): boolean => (folded.slice(0, SAID_MAX).match(/[\p{L}]+/gu) ?? []).some((word) => said.has(word))
