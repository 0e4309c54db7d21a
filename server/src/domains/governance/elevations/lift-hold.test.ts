import assert from 'node:assert/strict'
import { test } from 'node:test'
import { OWN_APPROVAL } from '../../policies/requirement.ts'
import type { Call } from '../gate.ts'
import { liftHold } from './lift-hold.ts'

const lifted = (...policies: string[]): boolean =>
  liftHold({ verdict: 'hold', type: 'execution_approval', policies, laws: ['L1'], requirement: OWN_APPROVAL }, { action: {} } as Call, 'given').verdict === 'allow'

test('the holds that come with the product are lifted, and the floor below them; beside any other they hold', () => {
  for (const id of ['hold_send', 'hold_execute', 'hold_irreversible', 'floor_send', 'floor_execute']) assert.ok(lifted(id), id)
  for (const id of ['export', 'untrusted_content', 'hold_delete', 'floor_delete', 'asked_first', '019f0000-0000-7000-8000-000000000000']) assert.deepEqual([lifted(id), lifted('hold_send', id)], [false, false], id)
})
