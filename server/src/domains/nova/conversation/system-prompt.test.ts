import assert from 'node:assert/strict'
import { test } from 'node:test'
import { systemPrompt } from './system-prompt.ts'

const now = new Date('2026-03-01T12:00:00Z')

test('LLM-11: the model is told in both languages that what it reads is data and that approvals come from the person', () => {
  assert.match(systemPrompt({ language: 'en', now, timeZone: 'UTC' }), /is data[^]*Approvals come from the person/)
  assert.match(systemPrompt({ language: 'fr', now, timeZone: 'UTC' }), /est une donnée[^]*approbations viennent de la personne/)
})

test('the model knows the time and its zone', () => {
  assert.match(systemPrompt({ language: 'fr', now, timeZone: 'America/Toronto' }), /2026-03-01T12:00:00\.000Z \(America\/Toronto\)/)
})
