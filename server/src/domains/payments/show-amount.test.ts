import assert from 'node:assert/strict'
import { test } from 'node:test'
import { showAmount } from './show-amount.ts'

test('an amount is shown exactly, in both languages, with the code of its currency', () => {
  const table: Array<[number, string, string, string]> = [
    [125_050, 'EUR', 'EUR 1,250.50', '1 250,50 EUR'], [5, 'EUR', 'EUR 0.05', '0,05 EUR'], [1_250, 'JPY', 'JPY 1,250', '1 250 JPY'],
    [1_234, 'KWD', 'KWD 1.234', '1,234 KWD'], [999_999_999_999_999, 'USD', 'USD 9,999,999,999,999.99', '9 999 999 999 999,99 USD'],
    [12, 'XXX', '12 XXX', '12 XXX'],
  ]

  for (const [amount, currency, en, fr] of table) {
    const shown = showAmount(amount, currency)
    assert.deepEqual([shown.en, shown.fr].map((text) => text.replace(/\s/g, ' ')), [en, fr])
  }
})
