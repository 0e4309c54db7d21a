import type { Language } from '../../../../platform/text.ts'
import { lengthAt, lengthAtEnd, lineOf, phrase, type Line } from '../text/line.ts'
import type { Token } from '../text/tokens.ts'
import { sensesOf, verbFormsOf } from './lexicon.ts'
import type { Wanted } from './openers.ts'
import type { Sense } from './sense.ts'
import type { FormKind } from './verb-form.ts'

/** A verb that asks: one use of it, and the tokens behind it without those that belong to the verb itself. */
export type VerbPhrase = {
  sense: Sense
  language: Language
  form: FormKind
  /** Pronouns in place of an object or a person: «-la», «lui», "it". */
  pronouns: string[]
  rest: Token[]
}

const KINDS: Record<Wanted, FormKind[]> = {
  command: ['tu', 'vous', 'nous', 'infinitive', 'base'],
  // «Peux-tu supprimé» and «supprimez» sound like the infinitive, and people write them so.
  infinitive: ['infinitive', 'base', 'participle', 'vous', 'tu'],
  subjunctive: ['subjunctive', 'tu', 'vous', 'infinitive', 'base'],
  gerund: ['gerund'],
}

const BEFORE_VERB = phrase("(?:me|m'|te|t'|nous|lui|leur|le|la|l'|les|y|en|se|s'|bien|juste|also|please|just|kindly|now|then|aussi|vite|maintenant|simplement|donc|rapidement|quickly)(?: (?:me|m'|nous|lui|leur|le|la|l'|les|y|en|bien|please|just|also|then|donc|aussi|vite))*")
const BEHIND_VERB = phrase('(?:-(?:moi|toi|nous|vous|le|la|les|lui|leur|y|en|m\'|t\')|moi(?! (?:et|aussi))|me)(?: -(?:moi|toi|nous|vous|lui|leur|la|le|les|y|en))*(?: (?:donc|aussi|vite|maintenant|bien|also|please|just|stp|svp))*', '(?:donc|aussi|vite|maintenant|bien|also|please|now|stp|svp|egalement)(?: (?:donc|vite|please|stp|svp))*')
const PRONOUN = /^-?(?:le|la|les|lui|leur|l'|it|them|him|her|that|this|ca|cela|y|en)$/
const ENGLISH_PRONOUN = phrase('(?:it|them|him|her|this|that|those|these|ca|cela|ceci|celle -?ci|celui -?ci|celle-ci|celui-ci|celle-la|celui-la|everything|tout|all)(?= (?:off|away|out|back|as|up|down|to|in|into|in the|a la|comme|dans|a)|$)')

/** Every use of the verb at `from` that its surroundings allow, the most telling first; none where no verb asks there. */
export function verbPhrasesAt(line: Line, from: number, wants: Wanted): VerbPhrase[] {
  const skipped = wants === 'command' && !/^-?[a-z]/.test(line.tokens[from]?.plain ?? '') ? 0 : lengthAt(line, from, BEFORE_VERB)
  const at = [from + skipped, from].find((start) => formsAt(line.tokens[start], wants).length > 0)
  if (at === undefined) return []
  const before = line.tokens.slice(from, at)
  if (wants === 'command' && before.some(({ plain }) => PRONOUN.test(plain))) return []
  return formsAt(line.tokens[at], wants).flatMap(({ verb, language, kind }) => {
    const behind = lengthAt(line, at + 1, BEHIND_VERB)
    const pronouns = [...before, ...line.tokens.slice(at + 1, at + 1 + behind)].map(({ plain }) => plain)
    return sensesOf({ verb, language, kind, text: '' }).flatMap((sense) => usesOf(sense, line.tokens, { at, behind }).map((use): VerbPhrase => ({ sense, language, form: kind, ...withPronoun(pronouns, use.rest) })))
  }).toSorted((a, b) => weight(b.sense) - weight(a.sense))
}

const formsAt = (token: Token | undefined, wants: Wanted) => (token ? verbFormsOf(token).filter(({ kind }) => KINDS[wants].includes(kind)) : [])
const weight = (sense: Sense): number => (sense.with === undefined ? 0 : 4) + (sense.money ? 2 : 0)

/** What remains behind the verb once its own words are taken out; nothing when they are missing. */
function usesOf(sense: Sense, tokens: Token[], { at, behind }: { at: number; behind: number }): Array<{ rest: Token[] }> {
  const rest = tokens.slice(at + 1 + behind)
  if (sense.money && !rest.some(({ kind }) => kind === 'money')) return []
  if (sense.with === undefined) return [{ rest }]
  const own = ownWords(sense.with)
  const whole = lineOf(tokens.slice(at + 1))
  const first = lengthAt(whole, 0, own)
  if (first > 0) return [{ rest: whole.tokens.slice(first) }]
  const after = lineOf(rest)
  const second = lengthAt(after, 0, own)
  if (second > 0) return [{ rest: rest.slice(second) }]
  const last = lengthAtEnd(after, own)
  return last > 0 && last < rest.length ? [{ rest: rest.slice(0, -last) }] : []
}

const compiled = new Map<string, ReturnType<typeof phrase>>()
function ownWords(source: string): ReturnType<typeof phrase> {
  const found = compiled.get(source) ?? phrase(source)
  compiled.set(source, found)
  return found
}

function withPronoun(pronouns: string[], rest: Token[]): { pronouns: string[]; rest: Token[] } {
  const line = lineOf(rest)
  const length = lengthAt(line, 0, ENGLISH_PRONOUN)
  const all = [...pronouns, ...line.tokens.slice(0, length).map(({ plain }) => plain)].filter((word) => PRONOUN.test(word) || /^(?:everything|tout|all|those|these|cel)/.test(word))
  return { pronouns: all, rest: rest.slice(length) }
}
