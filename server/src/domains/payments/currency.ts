import assert from 'node:assert/strict'

/** ISO 4217, the active list of January 2026, by decimals. Metals, SDRs and test codes have no minor unit: not listed. */
const byDecimals: Record<number, string> = {
  0: 'BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XOF XPF',
  2: `AED AFN ALL AMD AOA ARS AUD AWG AZN BAM BBD BDT BMD BND BOB BOV BRL BSD BTN BWP BYN BZD CAD CDF CHE CHF CHW CNY COP COU
    CRC CUP CVE CZK DKK DOP DZD EGP ERN ETB EUR FJD FKP GBP GEL GHS GIP GMD GTQ GYD HKD HNL HTG HUF IDR ILS INR IRR JMD KES
    KGS KHR KPW KYD KZT LAK LBP LKR LRD LSL MAD MDL MGA MKD MMK MNT MOP MRU MUR MVR MWK MXN MXV MYR MZN NAD NGN NIO NOK NPR
    NZD PAB PEN PGK PHP PKR PLN QAR RON RSD RUB SAR SBD SCR SDG SEK SGD SHP SLE SOS SRD SSP STN SVC SYP SZL THB TJS TMT TOP
    TRY TTD TWD TZS UAH USD USN UYU UZS VED VES WST XAD XCD XCG YER ZAR ZMW ZWG`,
  3: 'BHD IQD JOD KWD LYD OMR TND',
  4: 'CLF UYW',
}

/** Decimals of every currency that can be paid, by its upper-case code. */
export const currencies: ReadonlyMap<string, number> = new Map(Object.entries(byDecimals).flatMap(([decimals, codes]) =>
  codes.split(/\s+/).map((code): [string, number] => [code, Number(decimals)])))

/** How many decimals the currency's minor unit has (EUR 2, JPY 0, KWD 3); undefined when it is not an active currency. */
export const minorUnitsOf = (currency: string): number | undefined => currencies.get(currency)

/** An amount in minor units as a decimal of the currency: 1250 EUR is `12.50`. The currency must be known. */
export function formatMinor(amount: bigint | number, currency: string): string {
  const decimals = minorUnitsOf(currency)
  assert(decimals !== undefined, `${currency} is no active currency`)
  assert(typeof amount === 'bigint' || Number.isSafeInteger(amount), 'an amount is a whole number of minor units')
  return formatDecimal(BigInt(amount), decimals)
}

/** A whole number of units of 10^-decimals, written out. */
export function formatDecimal(units: bigint, decimals: number): string {
  const digits = String(units < 0n ? -units : units).padStart(decimals + 1, '0')
  const point = digits.length - decimals
  return `${units < 0n ? '-' : ''}${digits.slice(0, point)}${decimals > 0 ? '.' : ''}${digits.slice(point)}`
}
