import assert from 'node:assert/strict'
import { test } from 'node:test'
import { currencies, formatMinor, minorUnitsOf } from './currency.ts'

test('the list is ISO 4217 as it stands: 165 currencies, each once', () => {
  const countOf = (decimals: number): number => [...currencies.values()].filter((value) => value === decimals).length

  assert.equal(currencies.size, 165)
  assert.deepEqual([0, 2, 3, 4].map(countOf), [17, 139, 7, 2])
  for (const code of currencies.keys()) assert.match(code, /^[A-Z]{3}$/)
})

test('minor units, and undefined for what is no active currency', () => {
  const table: [string, number | undefined][] = [
    ['EUR', 2], ['CAD', 2], ['JPY', 0], ['KWD', 3], ['CLF', 4], ['XCG', 2], ['ZWG', 2], ['HUF', 2], ['UGX', 0],
    ['HRK', undefined], ['BGN', undefined], ['ANG', undefined], ['XAU', undefined], ['XXX', undefined],
    ['eur', undefined], ['', undefined], ['constructor', undefined],
  ]

  for (const [code, decimals] of table) assert.equal(minorUnitsOf(code), decimals, code)
})

test('amounts are written with the decimals of their currency', () => {
  const table: [bigint | number, string, string][] = [
    [1250, 'EUR', '12.50'], [5, 'EUR', '0.05'], [0, 'EUR', '0.00'], [100, 'EUR', '1.00'], [-5, 'EUR', '-0.05'], [-1250n, 'EUR', '-12.50'],
    [1250, 'JPY', '1250'], [0n, 'JPY', '0'], [1234, 'KWD', '1.234'], [7n, 'KWD', '0.007'], [12345, 'CLF', '1.2345'],
    [9_007_199_254_740_993n, 'EUR', '90071992547409.93'], [123_456_789_012_345_678n, 'USD', '1234567890123456.78'],
  ]

  for (const [amount, currency, text] of table) assert.equal(formatMinor(amount, currency), text)
})

test('a fraction, an unsafe number and an unknown currency are refused', () => {
  for (const [amount, currency] of [[1.5, 'EUR'], [Number.NaN, 'EUR'], [2 ** 60, 'EUR'], [1, 'XAU']] as const) {
    assert.throws(() => formatMinor(amount, currency), { name: 'AssertionError' })
  }
})
