import assert from 'node:assert/strict'
import { test } from 'node:test'
import { ageingOf, type Ageing } from './ageing.ts'

const MINUTE = 60_000
const createdAt = new Date('2026-01-01T00:00:00Z')
const after = (minutes: number): Date => new Date(createdAt.getTime() + minutes * MINUTE)

test('a checkpoint is green below a quarter of its life, yellow below a half, red below three quarters, and then blinks', () => {
  const table: Array<[minutes: number, ageing: Ageing]> = [[-1, 'green'], [0, 'green'], [14.99, 'green'], [15, 'yellow'], [29.99, 'yellow'], [30, 'red'], [44.99, 'red'], [45, 'blinking'], [60, 'blinking'], [600, 'blinking']]

  for (const [minutes, ageing] of table) assert.equal(ageingOf({ createdAt, expiresAt: after(60), now: after(minutes) }), ageing, `${minutes} of 60 minutes`)
})

test('what has no life left blinks from the start', () => {
  assert.equal(ageingOf({ createdAt, expiresAt: createdAt, now: createdAt }), 'blinking')
})
