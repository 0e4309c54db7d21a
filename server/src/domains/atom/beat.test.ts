import assert from 'node:assert/strict'
import { test } from 'node:test'
import { EPOCH, PERIOD_MS, phaseAt, untilNextBeat } from './beat.ts'
import { frequencyOf, isResonance } from './frequency.ts'

const after = (ms: number): Date => new Date(EPOCH.getTime() + ms)

test('the phase moves 40° each 4.44 s and comes round after nine beats', () => {
  const phases = Array.from({ length: 11 }, (_, beat) => phaseAt(after(beat * PERIOD_MS)))

  assert.deepEqual(phases, [0, 40, 80, 120, 160, 200, 240, 280, 320, 0, 40])
  assert.equal(phaseAt(after(PERIOD_MS - 1)), 0)
  assert.equal(phaseAt(after(PERIOD_MS)), 40)
})

test('the next beat is computed from the epoch, so beats do not drift', () => {
  assert.equal(untilNextBeat(after(0)), PERIOD_MS)
  assert.equal(untilNextBeat(after(PERIOD_MS * 1_000_000 + 4_000)), 440)
})

test('a resonance is an integer multiple of 111 from 111 to 999 and nothing else', () => {
  const valid = Array.from({ length: 2_400 }, (_, index) => index - 1_200).filter(isResonance)

  assert.deepEqual(valid, [111, 222, 333, 444, 555, 666, 777, 888, 999])
  for (const odd of [111.5, 443.999, -0, NaN, Infinity, 1e308, 111 * 111]) assert.equal(isResonance(odd), false)
})

test('SEAL-18: 444 while it runs, 432 in every other state', () => {
  assert.equal(frequencyOf('operational'), 444)
  assert.equal(frequencyOf('dormant'), 432)
  assert.equal(frequencyOf(''), 432)
})
