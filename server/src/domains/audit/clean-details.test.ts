import assert from 'node:assert/strict'
import { test } from 'node:test'
import { canonical } from '../../platform/canonical.ts'
import { cleanDetails, DETAIL_MAX } from './clean-details.ts'

test('AUD-07: line ends, terminal codes and lookups stay text of one line', () => {
  const line = canonical(cleanDetails({ a: 'x\r\ny', b: '\u001B[31mred', c: '${jndi:ldap://x}', d: '\0' }))

  assert.ok([...line].every((character) => character >= ' '))
  assert.deepEqual(JSON.parse(line), { a: 'x\r\ny', b: '\u001B[31mred', c: '${jndi:ldap://x}', d: '\uFFFD' })
})

test('AUD-07: a value of 1 MB is cut', () => {
  const { text } = cleanDetails({ text: 'x'.repeat(1_000_000) })

  assert.equal(String(text).length, DETAIL_MAX)
  assert.match(String(text), /x…$/)
})

test('AUD-07: a cut through a surrogate pair leaves a text that can be hashed', () => {
  const { text } = cleanDetails({ text: '😀'.repeat(DETAIL_MAX) })

  assert.ok(String(text).isWellFormed())
  assert.ok(canonical(text).length > 0)
})

test('numbers, truths and nulls pass as they are', () => {
  assert.deepEqual(cleanDetails({ n: 1.5, t: true, f: false, z: null }), { n: 1.5, t: true, f: false, z: null })
})
