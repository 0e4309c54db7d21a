import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { readSettings, SettingsSchema } from '../server/src/platform/settings.ts'
import { parseSource } from '../server/src/testing/tidy/source.ts'
import { listShown } from './reference/hardening.ts'
import { printPages } from './reference/print-pages.ts'
import { envExample, listSettings } from './reference/settings.ts'

const ROOT = join(import.meta.dirname, '..')

test('docs/reference and .env.example say what the code says (else: npm run reference)', async () => {
  for (const [path, text] of await printPages()) assert.ok(readFileSync(join(ROOT, path), 'utf8') === text, `${path} is stale; run npm run reference`)
})

test('SEC-02: .env.example holds every setting at its default, and no secret', () => {
  const lines = envExample(listSettings(SettingsSchema)).split('\n').filter((line) => /^#[A-Z]/.test(line)).map((line) => line.slice(1))
  const env = Object.fromEntries(lines.map((line) => [line.slice(0, line.indexOf('=')), line.slice(line.indexOf('=') + 1)]))

  assert.deepEqual(Object.keys(env), Object.keys(SettingsSchema.shape))
  assert.deepEqual(readSettings(env), readSettings({}))
  for (const name of Object.keys(env).filter((one) => /SECRET|SEAL|KEY|URL/.test(one))) assert.equal(env[name], '', name)
})

test('a title shows the requirements that it begins with, in a call, a table or a template', () => {
  const source = parseSource('a.test.ts', "test('TOK-01, TOK-02: both', f)\nconst cases = [['AUD-03: a row', 1]]\ntest(`WS-02: a ${x} one`, f)\ntest('says TOK-03: later', f)")

  assert.deepEqual(listShown([source], 'server').map(({ id, title }) => [id, title]), [['TOK-01', 'both'], ['TOK-02', 'both'], ['AUD-03', 'a row'], ['WS-02', 'a … one']])
})
