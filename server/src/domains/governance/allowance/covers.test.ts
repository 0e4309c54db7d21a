import assert from 'node:assert/strict'
import { test } from 'node:test'
import { covers } from './covers.ts'

test('a scope covers an action by name, by noun, and a read by read', () => {
  const table: Array<[string[], string, string, boolean]> = [
    [['notes.create'], 'notes.create', 'CREATE', true], [['notes.create'], 'notes.delete', 'DELETE', false], [['notes.*'], 'notes.delete', 'DELETE', true],
    [['notes.*'], 'notebooks.delete', 'DELETE', false], [['read'], 'notes.search', 'READ', true], [['read'], 'notes.create', 'CREATE', false],
    [['notes.read'], 'notes.search', 'READ', true], [['notes.read'], 'tasks.search', 'READ', false], [['notes.read'], 'notes.update', 'UPDATE', false],
    [['*'], 'notes.create', 'CREATE', false], [[], 'notes.search', 'READ', false], [['notes'], 'notes.search', 'READ', false],
  ]
  for (const [scopes, name, effect, expected] of table) assert.equal(covers(scopes, { name, effect }), expected, `${scopes.join()} ${name}`)
})
