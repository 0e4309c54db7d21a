import assert from 'node:assert/strict'
import { test } from 'node:test'
import { limitReached, MESSAGES_MAX_CHARS, TOKENS_MAX } from './limits.ts'

const at = (minute: number): Date => new Date(Date.UTC(2026, 2, 1, 12, minute))
const progress = { usage: { input_tokens: 0, output_tokens: 0 }, stepsTaken: 0, stepsMax: 10, now: at(0), until: at(5), messages: [] }

test('within all limits the model may be asked', () => {
  assert.equal(limitReached(progress), null)
})

test('LLM-14: steps, time and tokens of a run end', () => {
  assert.equal(limitReached({ ...progress, stepsTaken: 10 }), 'steps')
  assert.equal(limitReached({ ...progress, now: at(5) }), 'time')
  assert.equal(limitReached({ ...progress, usage: { input_tokens: TOKENS_MAX - 1, output_tokens: 1 } }), 'tokens')
})

test('LLM-18: a conversation of a million characters is refused before it costs anything', () => {
  assert.equal(limitReached({ ...progress, messages: ['x'.repeat(MESSAGES_MAX_CHARS)] }), 'size')
})
