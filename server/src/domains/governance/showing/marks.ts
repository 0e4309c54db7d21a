import type { Bilingual } from '../../../platform/text.ts'
import type { MarkCode } from './contract.ts'

export type Mark = { code: MarkCode; found: string }

const BIDI = /[\u061C\u200E\u200F\u202A-\u202E\u2066-\u2069]/gu
/** Format, control and filler characters that show nothing; line breaks and tabs stay. */
const INVISIBLE = /[\p{Cf}\p{Cc}\p{Default_Ignorable_Code_Point}\u2800]/gu
const LINE = new Set(['\n', '\t', '\r'])
/** Joiners belong to the spelling of many scripts, and variation selectors to emoji: there they hide nothing. */
const SPELLS = /[\p{Emoji_Presentation}\p{Extended_Pictographic}\p{Emoji_Modifier}\p{Script=Arabic}\p{Script=Deva}\p{Script=Beng}\p{Script=Taml}\p{Script=Mlym}\p{Script=Knda}\p{Script=Telu}\p{Script=Sinh}\p{Script=Mong}][\p{Join_Control}\p{Variation_Selector}]+/gu

const WORD = /[\p{L}\p{M}\p{N}_]+/gu
/** Scripts that are written with letters much like Latin ones, so that one word in two of them deceives (UTS 39). */
const ALIKE = [/\p{Script=Latin}/u, /\p{Script=Cyrillic}/u, /\p{Script=Greek}/u, /\p{Script=Armenian}/u, /\p{Script=Cherokee}/u, /\p{Script=Coptic}/u, /\p{Script=Lisu}/u]
/** Letters of other scripts that nobody can tell from a Latin one. */
const LATIN_LIKE = /^[аеорсухіјѕԁԛԝһӏАВЕКМНОРСТУХІЈЅԌοαρνικυχΑΒΕΖΗΙΚΜΝΟΡΤΥΧօոսցհᎪᏴᏟᎬᎻᎫᏦᏞᎷᏢᎡᏚᎢᏙᎳᏃ]{2,}$/u

/** What in a text deceives the eye; each kind once per place where it is found, at most 20. Pure. */
export function marksIn(text: string): Mark[] {
  const bare = text.replace(SPELLS, '')
  const marks: Mark[] = [
    ...[...bare.matchAll(BIDI)].map(([found]): Mark => ({ code: 'bidi_control', found: nameOf(found) })),
    ...[...bare.matchAll(INVISIBLE)].filter(([found]) => !LINE.has(found) && found.search(BIDI) < 0).map(([found]): Mark => ({ code: 'invisible', found: nameOf(found) })),
    ...[...text.matchAll(WORD)].flatMap(([word]) => marksOfWord(word, text)),
  ]
  return [...new Map(marks.map((mark) => [`${mark.code} ${mark.found}`, mark])).values()].slice(0, 20)
}

function marksOfWord(word: string, text: string): Mark[] {
  const found = word.slice(0, 80)
  if (ALIKE.filter((script) => script.test(word)).length > 1) return [{ code: 'mixed_script', found }]
  if (LATIN_LIKE.test(word) && ALIKE[0]?.test(text)) return [{ code: 'lookalike', found }]
  if (/[\u{1D400}-\u{1D7FF}\uFF21-\uFF3A\uFF41-\uFF5A\u{1F130}-\u{1F189}\u24B6-\u24E9]/u.test(word)) return [{ code: 'styled', found: `${found} = ${word.normalize('NFKC').slice(0, 80)}` }]
  return /^xn$/i.test(word) && /\bxn--/i.test(text) ? [{ code: 'punycode', found: /xn--[\w-]*/i.exec(text)?.[0] ?? found }] : []
}

const nameOf = (character: string): string => `U+${(character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')}`

/** The text with every character that shows nothing, or turns the text, written out: `⟨U+202E⟩`. */
export const visible = (text: string): string => {
  const spelt = new Set([...text.matchAll(SPELLS)].flatMap(({ 0: run, index }) => Array.from({ length: run.length - 1 }, (_, offset) => index + 1 + offset)))
  const written = (character: string, index: number): string => (LINE.has(character) || spelt.has(index) ? character : `⟨${nameOf(character)}⟩`)
  return text.toWellFormed().replace(INVISIBLE, (character, index: number) => written(character, index))
}

export const visibleIn = ({ en, fr }: Bilingual): Bilingual => ({ en: visible(en), fr: visible(fr) })
