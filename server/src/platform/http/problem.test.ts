import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Problem, problemKinds } from '../errors.ts'
import { createBareApp } from '../../testing/bare-app.ts'
import { NotFound } from '../problems.ts'
import { toProblem } from './problem.ts'

/** SQLSTATE, status, code, and what it stands for. */
const STATES: Array<[string, number, string, string]> = [
  ['22021', 400, 'malformed_request', 'NUL in a text'], ['22P05', 400, 'malformed_request', 'NUL in jsonb'], ['22P02', 400, 'malformed_request', 'text that is no uuid'], ['22003', 400, 'malformed_request', 'a number out of range'],
  ['22001', 400, 'malformed_request', 'a text too long'], ['22008', 400, 'malformed_request', 'a time out of range'], ['23514', 400, 'malformed_request', 'a check'], ['54000', 400, 'malformed_request', 'an index row too long'],
  ['23505', 409, 'conflict', 'a unique key'], ['23503', 409, 'conflict', 'a foreign key'],
  ['40001', 503, 'unavailable', 'serialization'], ['40P01', 503, 'unavailable', 'a deadlock'], ['55P03', 503, 'unavailable', 'a lock'],
  ['53100', 507, 'storage_full', 'a full disk'], ['53200', 503, 'unavailable', 'memory'], ['53300', 503, 'unavailable', 'connections'], ['53400', 503, 'unavailable', 'a limit'],
  ['57P01', 503, 'unavailable', 'a shutdown'], ['57P02', 503, 'unavailable', 'a crash'], ['57P03', 503, 'unavailable', 'a start'], ['57014', 504, 'timeout', 'a statement timeout'],
  ['08000', 503, 'unavailable', 'a connection'], ['08006', 503, 'unavailable', 'a lost connection'], ['25006', 503, 'unavailable', 'a standby'], ['58030', 503, 'unavailable', 'a broken disk'], ['42501', 503, 'unavailable', 'a right taken away'],
  ['42703', 500, 'internal_error', 'a column that is not there: our mistake'], ['XX000', 500, 'internal_error', 'PostgreSQL’s own'], ['23502', 500, 'internal_error', 'a value that we forgot'],
]

for (const [state, status, code, meaning] of STATES) {
  test(`ERR-06: SQLSTATE ${state} (${meaning}) is ${status} ${code}`, () => {
    const problem = toProblem(Object.assign(new Error('duplicate key value violates unique constraint "users_email"'), { code: state, detail: 'Key (email)=(ada@example.org) already exists.' }))

    assert.deepEqual([problem.status, problem.code], [status, code])
    assert.equal(problem.headers['retry-after'] !== undefined, status === 503 || status === 504)
    for (const sentence of Object.values(problem.detail())) assert.doesNotMatch(sentence, /duplicate|email|constraint|ada@|\d{5}/i)
  })
}

test('a problem stays what it is, and anything unknown is a 500', () => {
  assert.equal(toProblem(NotFound()).status, 404)
  for (const thrown of [undefined, null, 'text', 7, new Error('x'), { code: 'EPIPE' }, { code: 23505 }, { statusCode: 404 }, Object.assign(new Error('x'), { code: 'ECONNRESET' }), Object.assign(new Error('x'), { statusCode: 400 })]) {
    assert.equal(toProblem(thrown).code, 'internal_error')
  }
})

test('ERR-01: every declared problem has a snake_case code, a status from 400 up and a title in both languages', async () => {
  await (await createBareApp()).close()
  assert.ok(problemKinds().size > 30)
  for (const [code, { status, title }] of problemKinds()) {
    assert.match(code, /^[a-z]+(_[a-z]+)*$/)
    assert.ok(status >= 400 && status < 600, code)
    for (const text of [title.en, title.fr]) assert.ok(text.length > 2, code)
  }
})

test('ERR-15: what says that something of ours is down says when to come back', async () => {
  await (await createBareApp()).close()
  // What is not configured or at its end does not come back by waiting.
  const lasting = new Set(['not_configured'])
  for (const [code, kind] of problemKinds()) {
    if (kind.status !== 503 || lasting.has(code)) continue
    const { headers } = new Problem(kind, { retryAfterSeconds: 3 })
    assert.match(headers['retry-after'] ?? '', /^\d+$/, code)
  }
})
