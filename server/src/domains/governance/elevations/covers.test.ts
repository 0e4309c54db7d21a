import assert from 'node:assert/strict'
import { test } from 'node:test'
import { EFFECTS } from '../../../platform/action.ts'
import { covers, isElevatable } from './covers.ts'

test('a scope names one action, or all of one noun, and nothing that only begins alike', () => {
  const table: Array<[scope: string, action: string, covered: boolean]> = [
    ['messages.send', 'messages.send', true], ['messages.send', 'messages.sendall', false], ['messages.*', 'messages.send', true], ['messages.*', 'messages', false],
    ['messages.*', 'messagesx.send', false], ['mess.*', 'messages.send', false], ['messages.*', 'notes.delete', false],
  ]

  for (const [scope, action, covered] of table) assert.equal(covers(scope, action), covered, `${scope} ${action}`)
})

test('what is destroyed, paid, given away or granted is asked about each time', () => {
  assert.deepEqual(EFFECTS.filter((effect) => isElevatable({ effect })), ['SEND', 'EXECUTE'])
  assert.deepEqual(EFFECTS.filter((effect) => isElevatable({ effect, reversible: false })), ['READ', 'CREATE', 'UPDATE', 'SEND', 'EXECUTE'])
})
