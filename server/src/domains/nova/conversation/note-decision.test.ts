import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Decided } from '../../governance/gate.ts'
import { aCall, aRun } from '../testing.ts'
import { conversationOf } from './conversation.ts'
import { noteDecision } from './note-decision.ts'

const checkpoint = { id: 'c1', note: 'not today', decided_at: new Date(1), expires_at: new Date(2) } as Decided['checkpoint']
const waiting = () => aRun({ status: 'awaiting_approval', remaining: { kind: 'conversation', messages: [], calls: [aCall({ checkpointId: 'c1' }), aCall({ toolCallId: 'toolu_2' })], stepsTaken: 1 } })
const told = (decided: Omit<Decided, 'checkpoint'>) => conversationOf(noteDecision(waiting(), { checkpoint, ...decided })).calls[0]?.output

test('an approval gives the model the result, and the run goes on', () => {
  const run = noteDecision(waiting(), { checkpoint, verdict: 'approved', output: { id: 'n' } })

  assert.equal(run.status, 'processing')
  assert.deepEqual(conversationOf(run).calls.map(({ output }) => output?.value ?? null), [{ status: 'done', approved_by: 'the person', data: { id: 'n' } }, null])
})

test('CHK-19: a rejection is told with its reason', () => {
  assert.deepEqual(told({ verdict: 'rejected' }), { failed: true, value: { status: 'rejected_by_the_person', reason: 'not today' } })
})

test('an approved effect that failed is told as refused', () => {
  assert.equal(told({ verdict: 'approved', error: { code: 'binned', detail: { en: 'Binned.', fr: 'Corbeille.' } } })?.value.code, 'binned')
})

test('what was taken back or expired ends the run', () => {
  for (const [verdict, at] of [['cancelled', 1], ['expired', 1]] as const) {
    const run = noteDecision(waiting(), { checkpoint, verdict })

    assert.equal(run.status, verdict)
    assert.equal(run.remaining, null)
    assert.deepEqual(run.completedAt, new Date(at))
  }
})
