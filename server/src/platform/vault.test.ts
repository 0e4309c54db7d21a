import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { test } from 'node:test'
import { createVault } from './vault.ts'

test('a vault opens what it wrapped, tells its own from another’s by name, and never tells its key', () => {
  const [master, key] = [randomBytes(32), randomBytes(32)]
  const [vault, other] = [createVault(master), createVault(randomBytes(32))]

  assert.deepEqual(createVault(master).unwrap(vault.wrap(key, 'a'), 'a'), key)
  assert.equal(other.unwrap(vault.wrap(key, 'a'), 'a'), undefined)
  assert.equal(createVault(master).id, vault.id)
  assert.notEqual(other.id, vault.id)
  assert.ok(!master.toString('hex').includes(vault.id))
})
