import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { buildChain, exportOf } from '../server/src/domains/audit/testing.ts'

const folder = mkdtempSync(join(tmpdir(), 'chenu-verify-'))
after(() => rmSync(folder, { recursive: true }))

const SCRIPT = join(import.meta.dirname, 'audit-verify.ts')
const text = (lines: string[]): string => `${lines.join('\n')}\n`

/** Runs the verifier as a person would, in the language of their terminal. */
function run(given: string[], { input = '', language = 'en_GB.UTF-8' } = {}): { code: number | null; said: string } {
  const { status, stdout, stderr } = spawnSync(process.execPath, [SCRIPT, ...given], { input, encoding: 'utf8', env: { PATH: process.env.PATH, LANG: language, NO_COLOR: '1' } })
  return { code: status, said: `${stdout}${stderr}` }
}

const links = buildChain(3)
const intact = exportOf(links)
const changed = intact.with(2, (intact[2] ?? '').replace('done', 'held'))

test('AUD-13: the verifier says in English or French that a chain holds, and exits 0', () => {
  const file = join(folder, 'export.jsonl')
  writeFileSync(file, text(intact))

  const english = run([file])
  const french = run([file], { language: 'fr_CA.UTF-8' })

  assert.equal(english.code, 0)
  assert.match(english.said, /✔ The chain holds: all 3 links verify, and the last one is the head\./)
  assert.equal(french.code, 0)
  assert.match(french.said, /✔ La chaîne tient : les 3 maillons sont vérifiés et le dernier est la tête\./)
})

test('AUD-13: the verifier names the first broken link, reads standard input, and exits 1', () => {
  const english = run(['-'], { input: text(changed) })
  const french = run(['-'], { input: text(intact.slice(0, 2)), language: 'fr' })

  assert.equal(english.code, 1)
  assert.match(english.said, /✘ The chain is broken at line 3, event 2\.\n {2}Changed: /)
  assert.equal(french.code, 1)
  assert.match(french.said, /✘ La chaîne est rompue à la ligne 3, événement 2\.\n {2}Coupé : /)
})

test('AUD-13: a noted head that is not in the chain exits 1', () => {
  assert.equal(run(['-', '--head', links[1]?.hash ?? ''], { input: text(intact) }).code, 0)
  assert.equal(run(['-', '--head', 'a'.repeat(64)], { input: text(intact) }).code, 1)
})

test('a file that is missing, empty or something else, and wrong arguments, exit 2', () => {
  const cases: Array<[string[], string]> = [[[join(folder, 'nowhere.jsonl')], ''], [['-'], ''], [['-'], 'hello\n'], [[], ''], [['-', '--head', 'short'], text(intact)], [['-', '--odd'], ''], [['a', 'b'], '']]

  for (const [given, input] of cases) {
    const { code, said } = run(given, { input })
    assert.equal(code, 2, said)
    assert.ok(said.length > 0 && !said.includes('    at '), said)
  }
})
