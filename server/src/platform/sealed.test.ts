import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { test } from 'node:test'
import { seal, sealText, unseal, unsealText } from './sealed.ts'

const key = randomBytes(32)

test('SEC-03: what is sealed opens with its key and its row, and reads differently each time', () => {
  const sealed = seal(key, 'JBSWY3DPEHPK3PXP', 'factor 1')

  assert.equal(unseal(key, sealed, 'factor 1')?.toString(), 'JBSWY3DPEHPK3PXP')
  assert.notDeepEqual(seal(key, 'JBSWY3DPEHPK3PXP', 'factor 1'), sealed)
  assert.ok(!sealed.includes('JBSWY3DPEHPK3PXP'))
})

test('SEC-03: another key, another row, a changed bit or a cut end opens nothing', () => {
  const sealed = seal(key, 'JBSWY3DPEHPK3PXP', 'factor 1')

  assert.equal(unseal(randomBytes(32), sealed, 'factor 1'), undefined)
  assert.equal(unseal(key, sealed, 'factor 2'), undefined)
  for (let bit = 0; bit < sealed.length * 8; bit += 1) {
    const changed = Buffer.from(sealed)
    changed[bit >> 3] = (changed[bit >> 3] ?? 0) ^ (1 << (bit & 7))
    assert.equal(unseal(key, changed, 'factor 1'), undefined, `bit ${bit}`)
  }
  for (let length = 0; length < sealed.length; length += 1) assert.equal(unseal(key, sealed.subarray(0, length), 'factor 1'), undefined)
})

test('sealed text opens in its one spelling only', () => {
  const sealed = sealText(key, 'what was said', 'row 1')

  assert.equal(unsealText(key, sealed, 'row 1')?.toString(), 'what was said')
  for (const changed of [`${sealed}=`, `${sealed}\n`, sealed.slice(0, -2), '']) assert.equal(unsealText(key, changed, 'row 1'), undefined)
})
