import assert from 'node:assert/strict'
import type { Scope } from './at-end.ts'
import { launch, type Launch } from './server-process.ts'

/** Starts the server and asserts that it ends with this one sentence, a code other than 0, and no stack. */
export async function refuses(t: Scope, sentence: RegExp, given: Launch): Promise<void> {
  const { code, out, err } = await launch(t, given).ended

  assert.match(err, sentence)
  assert.match(err, /^[^\n]+\.\n$/, 'one line that ends with a full stop')
  assert.doesNotMatch(err, /^\s+at |node:internal|Error:/m)
  assert.doesNotMatch(out, /is ready/)
  assert.equal(code, 1)
}
