import assert from 'node:assert/strict'
import { test } from 'node:test'
import { isoId, isoText } from './iso-text.ts'

test('text becomes one visible line of at most so many characters', () => {
  const table: [string, string][] = [
    ['  Facture\r\n n°\t12 ', 'Facture n° 12'],
    ['a\u0000b\u001Bc\u0085d', 'a b c d'],
    ['Jean\u202Enaej\u2069', 'Jeannaej'],
    ['a \u200B b\uFEFFc\uFFFE', 'a b c'],
    ['E\u0301va', 'Éva'],
    ['half \uD83D pair', 'half \uFFFD pair'],
    ['\u0007\u202E \n', ''],
    ['株式会社 شركة', '株式会社 شركة'],
  ]

  for (const [given, text] of table) assert.equal(isoText(given, 140), text, JSON.stringify(given))
})

test('length counts characters, never half of one', () => {
  assert.equal(isoText('😀'.repeat(200), 140), '😀'.repeat(140))
  assert.equal(isoText(`${'a'.repeat(139)} b`, 140), 'a'.repeat(139))
})

test('identifiers have 35 plain characters at most', () => {
  const table: [string, string | RegExp][] = [
    ['01939a3e-7c5d-7abc-8def-0123456789ab', '01939a3e7c5d7abc8def0123456789ab'],
    ['INV-2026/001', 'INV-2026/001'],
    ['a'.repeat(35), 'a'.repeat(35)],
    ['a'.repeat(36), /^[0-9a-f]{32}$/], ['/a', /^[0-9a-f]{32}$/], ['a/', /^[0-9a-f]{32}$/], ['a//b', /^[0-9a-f]{32}$/],
    ['é', /^[0-9a-f]{32}$/], ['a&b', /^[0-9a-f]{32}$/], ['a\nb', /^[0-9a-f]{32}$/], ['', /^[0-9a-f]{32}$/], [' a', /^[0-9a-f]{32}$/],
  ]

  for (const [given, id] of table) {
    if (typeof id === 'string') assert.equal(isoId(given), id)
    else assert.match(isoId(given), id, given)
  }
})

test('two identifiers that begin alike stay two', () => {
  assert.notEqual(isoId(`${'a'.repeat(40)}1`), isoId(`${'a'.repeat(40)}2`))
})
