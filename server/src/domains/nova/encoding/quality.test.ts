import assert from 'node:assert/strict'
import { test } from 'node:test'
import { FOCI, type Encoding } from './encoding.ts'
import { qualityOf } from './quality.ts'

const none = { rw: false, unc: false, sens: false, trace: false }
const anEncoding = (over: Partial<Encoding> = {}): Encoding =>
  ({ act: 'SUM', src: 'DOC', scope: 'DOC', mode: 'ANA', focus: ['FACT', 'RISK'], out: 'MD', len: 'AUTO', flags: none, ...over })
const rate = (over: Partial<Encoding> = {}, encodedLength = 10, originalLength = 100) =>
  qualityOf({ encoding: anEncoding(over), compact: 'x'.repeat(encodedLength), text: 'y'.repeat(originalLength) })

test('compression is rated by what remains of the original', () => {
  const table: [number, number, number][] = [
    [10, 100, 100], [11, 100, 95], [20, 100, 95], [21, 100, 85], [30, 100, 85], [31, 100, 70], [50, 100, 70], [51, 100, 40], [20, 10, 40], [20, 0, 40],
  ]

  for (const [encoded, original, points] of table) assert.equal(rate({}, encoded, original).parts.compression, points, `${encoded} of ${original}`)
})

test('the narrower the scope, the better', () => {
  const table: [Encoding['scope'], number][] = [['LOCK', 100], ['SEL', 85], ['DOC', 70], ['MTG', 60], ['WS', 40]]

  for (const [scope, points] of table) assert.equal(rate({ scope }).parts.scope, points, scope)
})

test('two points of attention are best', () => {
  const points = [60, 75, 95, 90, 80, 70]

  for (const [count, expected] of points.entries()) assert.equal(rate({ focus: FOCI.slice(0, count) }).parts.focus, expected, String(count))
})

test('each open risk costs a quarter', () => {
  const table: [Partial<Encoding>, number][] = [
    [{}, 100],
    [{ flags: { ...none, unc: true } }, 75],
    [{ flags: { ...none, rw: true } }, 75],
    [{ flags: { ...none, rw: true, trace: true } }, 100],
    [{ scope: 'LOCK', flags: { ...none, sens: true, trace: true } }, 100],
    [{ flags: { ...none, sens: true } }, 50],
    [{ flags: { rw: true, unc: true, sens: true, trace: false } }, 0],
  ]

  for (const [over, points] of table) assert.equal(rate(over).parts.risk, points, JSON.stringify(over))
})

test('the score weighs 35, 25, 20 and 20', () => {
  const table: [ReturnType<typeof rate>, number, string][] = [
    [rate({ scope: 'LOCK' }), 99, 'A'],
    [rate({ scope: 'LOCK', focus: ['FACT'] }, 20), 93, 'A'],
    [rate({ scope: 'LOCK' }, 100), 78, 'B'],
    [rate({}, 100), 71, 'B'],
    [rate({ scope: 'MTG' }, 100), 68, 'C'],
    [rate({ scope: 'WS', focus: [], flags: { rw: true, unc: true, sens: true, trace: false } }, 100), 36, 'D'],
  ]

  for (const [{ score, grade }, expected, letter] of table) assert.deepEqual([score, grade], [expected, letter])
})
