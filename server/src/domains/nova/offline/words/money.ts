import { currencies, minorUnitsOf } from '../../../payments/currency.ts'
import type { Language } from '../../../../platform/text.ts'
import { foldWord } from '../text/fold.ts'

/** What people write for a currency; null where the word alone does not tell which (francs of what country?). */
const UNITS: Array<[string, string | null]> = [
  ['dollars? canadiens?|canadian dollars?|\\$ ?(?:cad?|can)|cad|ca\\$|c\\$', 'CAD'],
  ['dollars? (?:americains?|us)|(?:us|american) dollars?|\\$ ?(?:usd?)|usd|us\\$|\\$|dollars?', 'USD'],
  ['australian dollars?|dollars? australiens?|a\\$|au\\$|aud', 'AUD'],
  ['€|euros?|eur', 'EUR'], ['£|pounds? sterling|pounds?|livres? sterling|gbp|quid', 'GBP'], ['¥|yens?|jpy', 'JPY'],
  ['francs? suisses?|swiss francs?|chf', 'CHF'], ['₹', 'INR'], ['₽', 'RUB'], ['₩', 'KRW'], ['₺', 'TRY'], ['₪', 'ILS'],
  ['francs?|livres?|couronnes?|dinars?|dirhams?|pesos?|kr|kronor|kroner|bucks?|balles|roubles?|rubles?|rupees?|roupies?', null],
]

const ACCENTS: Record<string, string> = { e: '[eéè]' }
const spelling = (source: string): string => source.replace(/e/g, (letter) => ACCENTS[letter] ?? letter).replace(/ (?!\?)/g, '[ \\u00a0\\u202f]').replace(/ \?/g, '[ \\u00a0\\u202f]?')
const anyUnit = UNITS.map(([source]) => spelling(source)).join('|')

/** Codes are capitals: «50 all» is no sum of lekë. The usual ones may be small. */
const CODE = `(?-i:${[...currencies.keys()].join('|')})`
const NUMBER = String.raw`(?:\d{1,3}(?:[ \u00a0\u202f'’]\d{3}){1,4}(?:[.,]\d{1,4})?|\d{1,15}(?:[.,]\d{1,6}){0,5})`
const GAP = '[ \\u00a0\\u202f]{0,2}'
const END = String.raw`(?![\p{L}\p{N}])`
const BEFORE = String.raw`(?:us\$|ca\$|au\$|c\$|a\$|[$€£¥₹₽₩₺₪]|${CODE}${GAP})`

/** A sum of money at a place of a text: unit before or behind the number, also «12€50». */
export const MONEY = new RegExp(`${BEFORE}${GAP}${NUMBER}${END}(?:${GAP}(?:cad|usd|aud|eur|gbp|${CODE})${END})?|\\d{1,9}€\\d{2}${END}|${NUMBER}${GAP}(?:${anyUnit}|${CODE})${END}`, 'iuy')

/** A sum in integer minor units; `currency` null when its word does not tell which; `doubtful`: it can be read in two ways. */
export type Amount = { minor: number; currency: string | null; doubtful: boolean }

/** Reads a sum. A dollar without more is a US dollar, a yen sign Japanese: the reference says so. */
export function readAmount(text: string, language: Language): Amount {
  const digits = /\d[\d.,'’ \u00a0\u202f]*\d|\d/.exec(text)?.[0] ?? ''
  const [before = '', after = ''] = [text.slice(0, text.indexOf(digits)), text.slice(text.indexOf(digits) + digits.length)]
  const split = /^€(\d{2})$/.exec(after.trim())
  if (split) return { minor: Number(`${digits}${split[1] ?? ''}`), currency: 'EUR', doubtful: /\D/.test(digits) }
  const currency = currencyOf(before, after)
  const decimals = minorUnitsOf(currency ?? 'EUR') ?? 2
  const { whole, fraction, doubtful } = readNumber(digits, { language, decimals })
  const minor = Number(`${whole}${fraction.padEnd(decimals, '0')}`)
  return { minor, currency, doubtful: doubtful || fraction.length > decimals || !Number.isSafeInteger(minor) || minor === 0 }
}

function currencyOf(before: string, after: string): string | null {
  const [first, second] = [unitOf(before), unitOf(after)]
  if (before.trim() === '' || (before.trim() === '$' && second)) return second
  return after.trim() === '' || first === second ? first : null
}

const unitNames = UNITS.map(([source, code]): [RegExp, string | null] => [new RegExp(`^(?:${source})$`), code])

function unitOf(text: string): string | null {
  const name = foldWord(text.replace(/[ \u00a0\u202f]+/g, ' ').trim())
  if (currencies.has(name.toUpperCase()) && name.length === 3) return name.toUpperCase()
  return unitNames.find(([pattern]) => pattern.test(name))?.[1] ?? null
}

/**
 * Finds the decimal mark: one or two digits behind the last mark are a fraction; three are thousands when another mark
 * of the same kind, or spaces, group them. One mark and three digits («1,250») follow the language, and where it allows
 * the other reading too, the number is doubtful.
 */
function readNumber(digits: string, { language, decimals }: { language: Language; decimals: number }): { whole: string; fraction: string; doubtful: boolean } {
  const marks = [...digits.matchAll(/[.,]/g)]
  const last = marks.at(-1)
  const bare = (text: string): string => text.replace(/\D/g, '')
  if (!last) return { whole: bare(digits), fraction: '', doubtful: !isGrouped(digits) }
  const [head, end] = [digits.slice(0, last.index), digits.slice(last.index + 1)]
  const earlier = /[.,'’ \u00a0\u202f]/.exec(head)?.[0]
  if (earlier === last[0]) return { whole: bare(digits), fraction: '', doubtful: !isGrouped(digits) }
  if (earlier !== undefined || end.length !== 3) return { whole: bare(head), fraction: end, doubtful: earlier !== undefined && !isGrouped(head) }
  const isThousands = language === 'en' && last[0] === ','
  const isFraction = decimals === 3 && (language === 'en') === (last[0] === '.')
  return isFraction ? { whole: bare(head), fraction: end, doubtful: false } : { whole: bare(digits), fraction: '', doubtful: !isThousands }
}

/** Thousands are groups of three with one and the same mark. */
const isGrouped = (number: string): boolean => /^\d+$/.test(number) || /^\d{1,3}(?:([.,'’ \u00a0\u202f])\d{3})(?:\1\d{3})*$/.test(number)
