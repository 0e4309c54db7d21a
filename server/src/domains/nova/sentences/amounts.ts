import { minorUnitsOf } from '../../payments/currency.ts'
import type { Language } from '../../../platform/text.ts'

/** An amount in integer minor units; `currency` null when none is named; `doubtful`: its separators can be read in two ways. */
export type FoundAmount = { amountMinor: number; currency: string | null; doubtful: boolean; start: number; end: number }

const SYMBOLS: Record<string, string> = {
  '€': 'EUR', euro: 'EUR', euros: 'EUR', eur: 'EUR', '$': 'USD', dollar: 'USD', dollars: 'USD', usd: 'USD', 'us$': 'USD', '$us': 'USD', 'ca$': 'CAD', '$ca': 'CAD', 'c$': 'CAD', cad: 'CAD', '$ ca': 'CAD',
  'dollars canadiens': 'CAD', 'canadian dollars': 'CAD', '£': 'GBP', gbp: 'GBP', pound: 'GBP', pounds: 'GBP', livres: 'GBP', 'livres sterling': 'GBP', '¥': 'JPY', yen: 'JPY', yens: 'JPY', jpy: 'JPY',
  chf: 'CHF', 'francs suisses': 'CHF', 'swiss francs': 'CHF', francs: 'CHF', kwd: 'KWD', aud: 'AUD', sek: 'SEK', nok: 'NOK', dkk: 'DKK', pln: 'PLN', mxn: 'MXN', inr: 'INR', cny: 'CNY', brl: 'BRL', mad: 'MAD', tnd: 'TND', xof: 'XOF',
}
const names = Object.keys(SYMBOLS).toSorted((a, b) => b.length - a.length).map((name) => name.replace(/[$]/g, '\\$&')).join('|')
const NUMBER = String.raw`\d{1,3}(?:[ .,'’]\d{3})+(?:[.,]\d{1,3})?|\d{1,15}(?:[.,]\d{1,3})?`
const BEFORE = new RegExp(`(?<![\\p{L}\\d])(${names})\\s?(${NUMBER})(?![\\d.,]*\\d)`, 'giu')
const AFTER = new RegExp(`(?<![\\p{L}\\d.,])(${NUMBER})\\s?(${names})(?!\\p{L})`, 'giu')
const BARE = new RegExp(`(?<![\\p{L}\\d.,#/-])(${NUMBER})(?![\\p{L}\\d/-])`, 'gu')

/** Every amount with a currency in a text; without any, the bare numbers. */
export function findAmounts(text: string, language: Language): FoundAmount[] {
  const marked = [...text.matchAll(BEFORE)].map((m) => amountOf({ symbol: m[1] ?? '', digits: m[2] ?? '', start: m.index, length: m[0].length }, language))
  const taken = (at: number): boolean => marked.some(({ start, end }) => at >= start && at < end)
  for (const m of text.matchAll(AFTER)) if (!taken(m.index)) marked.push(amountOf({ symbol: m[2] ?? '', digits: m[1] ?? '', start: m.index, length: m[0].length }, language))
  if (marked.length > 0) return marked.filter((found) => found !== undefined)
  return [...text.matchAll(BARE)].map((m) => amountOf({ symbol: null, digits: m[1] ?? '', start: m.index, length: m[0].length }, language))
}

type Raw = { symbol: string | null; digits: string; start: number; length: number }

function amountOf({ symbol, digits, start, length }: Raw, language: Language): FoundAmount {
  const currency = symbol === null ? null : SYMBOLS[symbol.toLowerCase()] ?? null
  const decimals = currency === null ? 2 : minorUnitsOf(currency) ?? 2
  const { whole, fraction, doubtful } = readNumber(digits, language, decimals)
  const tooFine = fraction.length > decimals
  const amountMinor = Number(`${whole}${fraction.slice(0, decimals).padEnd(decimals, '0')}`)
  return { amountMinor, currency, doubtful: doubtful || tooFine || !Number.isSafeInteger(amountMinor), start, end: start + length }
}

/** The last separator followed by one or two digits, or by three after another separator, is the decimal one. */
function readNumber(digits: string, language: Language, decimals: number): { whole: string; fraction: string; doubtful: boolean } {
  const found = /^(.*?)(?:([.,])(\d{1,3}))?$/.exec(digits)
  const [, head = digits, mark, end = ''] = found ?? []
  const plain = (text: string): string => text.replace(/\D/g, '')
  if (mark === undefined) return { whole: plain(digits), fraction: '', doubtful: false }
  if (end.length < 3) return { whole: plain(head), fraction: end, doubtful: false }
  const grouped = /[ .,'’]/.exec(head)?.[0]
  if (grouped !== undefined) return grouped === mark ? { whole: plain(digits), fraction: '', doubtful: false } : { whole: plain(head), fraction: end, doubtful: decimals < 3 }
  // «1,250»: thousands in English, a fraction in French. Only the other language's mark is beyond doubt.
  const groups = (language === 'en' && mark === ',') || (language === 'fr' && mark === '.')
  return decimals === 3 && !groups ? { whole: plain(head), fraction: end, doubtful: false } : { whole: plain(digits), fraction: '', doubtful: language === 'fr' || !groups }
}
