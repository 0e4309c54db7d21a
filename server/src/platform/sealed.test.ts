import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { test } from 'node:test'
import { openText, sealText } from './sealed.ts'

const key = randomBytes(32)

test('SEC-03: what is sealed opens with its key and its row, and reads differently each time', () => {
  const sealed = sealText(key, 'JBSWY3DPEHPK3PXP', 'factor 1')

  assert.equal(openText(key, sealed, 'factor 1'), 'JBSWY3DPEHPK3PXP')
  assert.notDeepEqual(sealText(key, 'JBSWY3DPEHPK3PXP', 'factor 1'), sealed)
  assert.ok(!sealed.includes('JBSWY3DPEHPK3PXP'))
})

test('SEC-03: another key, another row, a changed bit or a cut end opens nothing', () => {
  const sealed = sealText(key, 'JBSWY3DPEHPK3PXP', 'factor 1')

  assert.equal(openText(randomBytes(32), sealed, 'factor 1'), undefined)
  assert.equal(openText(key, sealed, 'factor 2'), undefined)
  for (let bit = 0; bit < sealed.length * 8; bit += 1) {
    const changed = Buffer.from(sealed)
    changed[bit >> 3] = (changed[bit >> 3] ?? 0) ^ (1 << (bit & 7))
    assert.equal(openText(key, changed, 'factor 1'), undefined, `bit ${bit}`)
  }
  for (let length = 0; length < sealed.length; length += 1) assert.equal(openText(key, sealed.subarray(0, length), 'factor 1'), undefined)
})
