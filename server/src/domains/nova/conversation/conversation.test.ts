import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { ClaudeStep } from '../../../adapters/llm/claude.ts'
import { aCall, aRun } from '../testing.ts'
import { conversationOf, messagesOf, nextCall, noteOutput, takeAnswer } from './conversation.ts'
import { CALLS_PER_ANSWER_MAX } from './limits.ts'

const NOW = new Date('2026-03-01T12:00:00Z')

const aStep = (given: Partial<ClaudeStep> = {}): ClaudeStep => ({
  text: '', cut: false, calls: [], messages: [{ role: 'assistant', content: [] }], usage: { input_tokens: 100, output_tokens: 20 }, cost: { micro_usd: 600, kind: 'estimated' }, ...given,
})
const answered = (step: ClaudeStep, run = aRun()) => takeAnswer(run, { messages: conversationOf(run).messages, step, at: NOW })
const wanted = { toolCallId: 'toolu_1', tool: 'notes.create', args: {}, fault: null }

test('an answer without calls completes the run with the model’s words', () => {
  const run = answered(aStep({ text: 'Bonjour.' }))

  assert.equal(run.status, 'completed')
  assert.deepEqual(run.output, { text: 'Bonjour.' })
  assert.equal(run.remaining, null)
  assert.deepEqual(run.lanes.map(({ status }) => status), ['skipped', 'skipped', 'skipped', 'skipped', 'skipped', 'skipped', 'completed'])
})

test('an answer without words and without calls says that nothing was done', () => {
  assert.match(answered(aStep()).output?.text ?? '', /Nothing was done/)
})

test('LLM-05: words that end at the limit of tokens are kept and marked', () => {
  assert.equal(answered(aStep({ text: 'half', cut: true })).output?.text, 'half […] (cut off at the limit of tokens)')
})

test('every step is paid for in tokens, micro-dollars and credits', () => {
  const run = answered(aStep(), answered(aStep({ calls: [wanted] })))

  assert.deepEqual(run.usage, { input_tokens: 200, output_tokens: 40 })
  assert.deepEqual(run.cost, { micro_usd: 1_200, kind: 'estimated' })
  assert.equal(run.credits, 240)
})

test('one unpriced step makes the whole run unpriced', () => {
  const run = answered(aStep(), answered(aStep({ calls: [wanted], cost: { micro_usd: null, kind: 'unpriced' } })))

  assert.deepEqual(run.cost, { micro_usd: null, kind: 'unpriced' })
})

test('calls wait in their order, and the model is asked again when it can be told of all', () => {
  const asked = answered(aStep({ calls: [wanted, { ...wanted, toolCallId: 'toolu_2' }] }))
  assert.equal(nextCall(conversationOf(asked)), 0)

  const once = noteOutput(asked, 0, { failed: false, value: { status: 'done' } })
  assert.equal(nextCall(conversationOf(once)), 1)

  const twice = noteOutput(once, 1, { failed: true, value: { status: 'refused' } })
  assert.equal(nextCall(conversationOf(twice)), -1)
  assert.deepEqual(messagesOf(conversationOf(twice)).at(-1), {
    role: 'tool', content: [
      { type: 'tool-result', toolCallId: 'toolu_1', toolName: 'notes.create', output: { type: 'json', value: { status: 'done' } } },
      { type: 'tool-result', toolCallId: 'toolu_2', toolName: 'notes.create', output: { type: 'error-json', value: { status: 'refused' } } },
    ],
  })
})

test('a conversation changes by copies: the state before stays as it was', () => {
  const run = aRun({ remaining: { kind: 'conversation', messages: [], calls: [aCall()], stepsTaken: 1 } })
  const before = structuredClone(run)

  noteOutput(run, 0, { failed: false, value: {} })
  answered(aStep({ calls: [wanted] }), run)

  assert.deepEqual(run, before)
})

test('LLM-05: no call of an answer that was cut off is made', () => {
  const { calls } = conversationOf(answered(aStep({ cut: true, calls: [wanted] })))

  assert.equal(calls[0]?.output?.value.code, 'answer_cut')
})

test(`LLM-14: calls beyond ${CALLS_PER_ANSWER_MAX} in one answer are refused unread`, () => {
  const many = Array.from({ length: CALLS_PER_ANSWER_MAX + 2 }, (_, at) => ({ ...wanted, toolCallId: `toolu_${at}` }))

  const { calls } = conversationOf(answered(aStep({ calls: many })))

  assert.equal(calls.filter(({ output }) => output === null).length, CALLS_PER_ANSWER_MAX)
  assert.deepEqual(calls.slice(-2).map(({ output }) => output?.value.code), ['too_many_calls', 'too_many_calls'])
})
