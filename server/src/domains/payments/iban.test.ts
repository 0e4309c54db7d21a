import assert from 'node:assert/strict'
import { test } from 'node:test'
import { isIban, plainIban } from './iban.ts'

test('an IBAN is recognised by its form and its check digits', () => {
  const table: [string, boolean][] = [
    ['FR1420041010050500013M02606', true], ['FR14 2004 1010 0505 0001 3M02 606', true], ['de89370400440532013000', true],
    ['GB29NWBK60161331926819', true], ['NO9386011117947', true], ['MT84MALT011000012345MTLCAST001S', true],
    ['FR1420041010050500013M02607', false], ['DE98370400440532013000', false], ['DE893704004405320130', false],
    ['', false], ['FR14', false], ['1420041010050500013M02606', false], ['FR14-2004-1010-0505', false], [`DE89${'1'.repeat(40)}`, false],
  ]

  for (const [given, valid] of table) assert.equal(isIban(given), valid, given)
})

test('it is written in upper case without blanks', () => {
  assert.equal(plainIban(' fr14 2004\u00A01010 0505 0001 3m02 606'), 'FR1420041010050500013M02606')
})
