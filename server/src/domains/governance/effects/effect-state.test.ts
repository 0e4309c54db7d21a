import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { EFFECT_STATES, type EffectState } from '../contract.ts'
import { effectMove, EFFECT_EVENTS, nextEffectState, type EffectEvent } from './effect-state.ts'

const TABLE: Array<[EffectState | null, Partial<Record<EffectEvent, EffectState>>]> = [
  [null, { intend: 'intended', confirm: 'confirmed', fail: 'failed' }],
  ['intended', { dispatch: 'dispatched', fail: 'failed' }],
  ['dispatched', { put_back: 'intended', confirm: 'confirmed', fail: 'failed', lose: 'unknown' }],
  ['confirmed', {}],
  ['failed', {}],
  ['unknown', { confirm: 'confirmed', fail: 'failed' }],
]

test('CHK-15: every pair of state and event of an effect: the documented moves, and no other', () => {
  assert.deepEqual(TABLE.map(([state]) => state), [null, ...EFFECT_STATES.slice(0, 5)])
  for (const [state, moves] of TABLE) {
    for (const event of EFFECT_EVENTS) assert.equal(nextEffectState(state, event), moves[event], `${state} × ${event}`)
  }
})

test('CHK-15: what a statement asks for is the same machine', () => {
  for (const event of EFFECT_EVENTS) {
    const { from, to } = effectMove(event)
    for (const state of EFFECT_STATES) assert.equal(from.includes(state) ? to : undefined, nextEffectState(state, event), `${state} × ${event}`)
  }
})

test('CHK-15: in 10,000 random sequences nothing leaves a final state, and nothing is dispatched again once it is unknown', () => {
  fc.assert(fc.property(fc.array(fc.constantFrom(...EFFECT_EVENTS), { maxLength: 40 }), (events) => {
    let state: EffectState | null = null
    let wasUnknown = false
    for (const event of events) {
      const next = nextEffectState(state, event)
      if (next === undefined) continue
      assert.ok(state !== 'confirmed' && state !== 'failed')
      assert.ok(!wasUnknown || (next !== 'intended' && next !== 'dispatched'))
      wasUnknown ||= next === 'unknown'
      state = next
    }
  }), { numRuns: 10_000 })
})
