import assert from 'node:assert/strict'
import { test } from 'node:test'
import { doneOutput, RESULT_MAX_CHARS, refusedOutput } from './tool-output.ts'

test('a result is shown as data', () => {
  assert.deepEqual(doneOutput({ id: 1 }, { approved: false }), { failed: false, value: { status: 'done', data: { id: 1 } } })
})

test('the result of an approved call says who approved it', () => {
  assert.equal(doneOutput({}, { approved: true }).value.approved_by, 'the person')
})

test('too long a result is cut, says so, and stays well formed', () => {
  const { value } = doneOutput({ body: '😀'.repeat(RESULT_MAX_CHARS) }, { approved: false })

  assert.equal(value.truncated, true)
  assert.ok(String(value.data).length <= RESULT_MAX_CHARS)
  assert.ok(String(value.data).isWellFormed())
})

test('a refusal is told by its code and its sentence in the run’s language', () => {
  const { failed, value } = refusedOutput({ code: 'not_found', detail: { en: 'No.', fr: 'Non.' } }, 'fr')

  assert.deepEqual({ failed, value }, { failed: true, value: { status: 'refused', code: 'not_found', detail: 'Non.' } })
})
