import type { Bilingual } from '../../platform/text.ts'
import { formatMinor, minorUnitsOf } from './currency.ts'

/** An amount as people read it, with the currency by its code: a symbol such as $ would not say which one. */
export function showAmount(amountMinor: number, currency: string): Bilingual {
  const decimals = minorUnitsOf(currency)
  if (decimals === undefined) return { en: `${amountMinor} ${currency}`, fr: `${amountMinor} ${currency}` }
  const exact = formatMinor(amountMinor, currency) as `${number}`
  const shown = (language: string): string =>
    new Intl.NumberFormat(language, { style: 'currency', currency, currencyDisplay: 'code', minimumFractionDigits: decimals, maximumFractionDigits: decimals }).format(exact)
  return { en: shown('en'), fr: shown('fr') }
}
