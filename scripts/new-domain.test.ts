import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { Client } from 'pg'
import { serverUrl } from '../server/src/testing/database.ts'
import { GUARD_RULES } from '../server/src/testing/tidy/guard-rules.ts'
import { readHouse } from '../server/src/testing/tidy/house.ts'
import { IMPORT_RULES } from '../server/src/testing/tidy/import-rules.ts'
import { breachesOf } from '../server/src/testing/tidy/rule.ts'
import { SHAPE_RULES } from '../server/src/testing/tidy/shape-rules.ts'
import { TABLE_RULES } from '../server/src/testing/tidy/table-rules.ts'
import { TREE_RULES } from '../server/src/testing/tidy/tree-rules.ts'
import { writeDomain } from './new-domain/write-domain.ts'

const ROOT = join(import.meta.dirname, '..')
const copy = mkdtempSync(join(tmpdir(), 'chenu-new-domain-'))
const within = (path: string): string => join(copy, path)

const edit = (path: string, change: (text: string) => string): void => writeFileSync(within(path), change(readFileSync(within(path), 'utf8')))

/** A copy of the project with a domain `recipes`, wired as the command says. */
before(() => {
  for (const path of ['server', 'package.json', 'tsconfig.json']) cpSync(join(ROOT, path), within(path), { recursive: true })
  symlinkSync(join(ROOT, 'node_modules'), within('node_modules'))
  const { wiring: [imported = '', listed = ''] } = writeDomain(copy, { domain: 'recipes', noun: 'recipe' })
  edit('server/src/domains.ts', (text) => `${imported}\n${text.replace(/\n\]\n/, `\n${listed}\n]\n`)}`)
  edit('server/src/platform/db/generated.ts', (text) => `${text.replace('export interface DB {', 'export interface DB {\n  recipes: Recipes;')}
export interface Recipes { created_at: Timestamp; id: string; identity_id: string; title: string; title_key: string; updated_at: Timestamp; version: Generated<number> }\n`)
})
after(() => rmSync(copy, { recursive: true, force: true }))

const aboutIt = (lines: string[]): string[] => lines.filter((line) => /recipe/i.test(line))

test('a new domain type-checks', () => {
  const { stdout } = spawnSync(join(ROOT, 'node_modules/.bin/tsc'), ['--noEmit', '-p', '.'], { cwd: copy, encoding: 'utf8' })

  assert.deepEqual(aboutIt(stdout.split('\n')), [])
})

test('a new domain keeps every rule of the house', () => {
  const house = readHouse(within('server/src'))

  assert.ok(house.manifests.has('recipes') && house.order.includes('recipes'))
  for (const rule of [...TREE_RULES, ...IMPORT_RULES, ...TABLE_RULES, ...SHAPE_RULES, ...GUARD_RULES]) assert.deepEqual(aboutIt(breachesOf(rule, house)), [])
})

test('the tests that come with a new domain pass', async () => {
  // Inside a test, Node would skip the tests of a process that knows it is one.
  const { NODE_TEST_CONTEXT: _context, ...env } = process.env
  const { status, stdout } = spawnSync(process.execPath, ['--test', '--test-reporter=spec', within('server/src/domains/recipes/recipes.test.ts')], { cwd: copy, encoding: 'utf8', env })
  await dropTemplate()

  assert.equal(status, 0, stdout)
  assert.match(stdout, /pass 2\b/)
})

/** The copy has a migration of its own, and so a template database of its own. */
async function dropTemplate(): Promise<void> {
  const { ensureTemplate } = await import(within('server/src/testing/database.ts')) as { ensureTemplate(): Promise<string> }
  const name = await ensureTemplate()
  const client = new Client(serverUrl())
  await client.connect()
  await client.query(`alter database ${name} is_template false`)
  await client.query(`drop database ${name} with (force)`)
  await client.end()
}

test('a domain that exists, or a name that is no word, is refused', () => {
  assert.throws(() => writeDomain(copy, { domain: 'notes', noun: 'note' }), /exists already/)
  for (const given of [[], ['Recipes'], ['../x'], ['fish'], ['a', 'b', 'c']]) {
    assert.equal(spawnSync(process.execPath, [join(ROOT, 'scripts/new-domain.ts'), ...given], { encoding: 'utf8' }).status, 1, given.join(' '))
  }
})
