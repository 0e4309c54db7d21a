import assert from 'node:assert/strict'
import { test } from 'node:test'
import { StartupError } from '../startup-error.ts'
import { databaseRefusal } from './database-refusal.ts'
import { ensureSupported } from './migrate.ts'

test('PostgreSQL 15 to 18 are supported; another is one sentence', () => {
  for (const version of [150_000, 150_018, 160_010, 170_006, 180_004]) assert.doesNotThrow(() => ensureSupported(version))
  for (const [version, major] of [[140_020, 14], [90_624, 9], [190_000, 19], [Number.NaN, Number.NaN]]) {
    assert.throws(() => ensureSupported(version ?? 0), new StartupError(`DATABASE_URL: PostgreSQL ${major} is not supported; use 15 to 18.`))
  }
})

test('what PostgreSQL refuses at the start is one sentence; anything else stays what it is', () => {
  const refusal = (code: string, message = 'as PostgreSQL says'): unknown => databaseRefusal(Object.assign(new Error(message), { code }))

  for (const code of ['28P01', '28000', '3D000', '25006', '53300', '57P03', '42501']) assert.match((refusal(code) as StartupError).message, /^DATABASE_URL: [^\n]+\.$/, code)
  assert.ok(refusal('', 'The server does not support SSL connections') instanceof StartupError)
  assert.ok(refusal('', 'corrupted migrations: previously executed migration 0099_later is missing') instanceof StartupError)
  const other = new Error('something else')
  assert.equal(databaseRefusal(other), other)
})
