import assert from 'node:assert/strict'
import { test } from 'node:test'
import { periodOf, secondsToNextPeriod } from './period.ts'

test('a month is counted in UTC, its end included', () => {
  assert.equal(periodOf(new Date('2026-11-30T23:59:59.999Z')), '2026-11')
  assert.equal(periodOf(new Date('2026-12-01T00:00:00.000Z')), '2026-12')
  assert.equal(secondsToNextPeriod(new Date('2026-12-31T23:59:00.000Z')), 60)
  assert.equal(secondsToNextPeriod(new Date('2026-11-30T23:59:59.999Z')), 1)
  assert.equal(secondsToNextPeriod(new Date('2028-02-01T00:00:00.000Z')), 29 * 86_400)
})
