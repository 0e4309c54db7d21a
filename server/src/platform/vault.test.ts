import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { test } from 'node:test'
import { createVault, seal, unseal } from './vault.ts'

test('SEC-03: what is sealed opens with its key and what it is about, and with nothing else', () => {
  const key = randomBytes(32)
  const sealed = seal(key, 'what was said', 'row 1')

  assert.equal(unseal(key, sealed, 'row 1')?.toString(), 'what was said')
  assert.notEqual(seal(key, 'what was said', 'row 1'), sealed)
  for (const [name, opened] of [
    ['another key', unseal(randomBytes(32), sealed, 'row 1')], ['another row', unseal(key, sealed, 'row 2')], ['cut', unseal(key, sealed.slice(0, -2), 'row 1')],
    ['changed', unseal(key, `${sealed[0] === 'A' ? 'B' : 'A'}${sealed.slice(1)}`, 'row 1')], ['empty', unseal(key, '', 'row 1')],
  ] as const) assert.equal(opened, undefined, name)
})

test('a vault opens what it wrapped, tells its own from another’s by name, and never tells its key', () => {
  const [master, key] = [randomBytes(32), randomBytes(32)]
  const [vault, other] = [createVault(master), createVault(randomBytes(32))]

  assert.deepEqual(createVault(master).unwrap(vault.wrap(key, 'a'), 'a'), key)
  assert.equal(other.unwrap(vault.wrap(key, 'a'), 'a'), undefined)
  assert.equal(createVault(master).id, vault.id)
  assert.notEqual(other.id, vault.id)
  assert.ok(!master.toString('hex').includes(vault.id))
})
