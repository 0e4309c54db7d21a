import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { anchorChain } from '../server/src/domains/audit/anchors/anchor-chain.ts'
import { runningUrl } from './audit-verify-database.ts'
import type { IdentityId } from '../server/src/platform/ids.ts'
import type { Person } from '../server/src/testing/person.ts'
import { startWorld, type World } from '../server/src/testing/world.ts'

const SCRIPT = join(import.meta.dirname, 'audit-verify.ts')

let world: World
let ada: Person
before(async () => {
  world = await startWorld()
  ada = await world.person()
  for (let n = 0; n < 3; n += 1) await ada.post('/api/v2/notes', { title: `Note ${n}` })
  await anchorChain(world.platform, world.app.anchorer.signer, ada.identity.id as IdentityId)
  await ada.post('/api/v2/notes', { title: 'Not anchored yet' })
})
after(() => world.close())

/** Runs the verifier as an operator would, while the server goes on. */
async function run(given: string[], { input = '', env = {} }: { input?: string; env?: Record<string, string> } = {}): Promise<{ code: number | null; said: string }> {
  const child = spawn(process.execPath, [SCRIPT, ...given], { env: { PATH: process.env.PATH, LANG: 'en', NO_COLOR: '1', DATA_DIR: '/nowhere', ...env } })
  let said = ''
  for (const stream of [child.stdout, child.stderr]) stream.setEncoding('utf8').on('data', (text: string) => { said += text })
  child.stdin.on('error', () => {}).end(input)
  const code = await new Promise<number | null>((resolve) => { child.on('close', resolve) })
  return { code, said }
}

const anchorsFile = (): string => join(world.platform.settings.DATA_DIR, 'audit-anchors.jsonl')
const known = (): string[] => ['--database', world.database.url, '--anchors', anchorsFile(), '--key', world.app.anchorer.signer.publicKey]

test('AUD-13: the verifier works on the database of a running server and tells anchored events from those that are not yet', async () => {
  const english = await run(known())
  const french = await run([...known(), '--lang', 'fr', '--identity', ada.identity.id])

  assert.equal(english.code, 0, english.said)
  assert.match(english.said, new RegExp(`✔ ${ada.identity.id} {2}Events 1 to 4 are anchored by a checkpoint signed at [^;]*; 1 not yet\\.`))
  assert.match(english.said, /✔ The record holds: 5 events in 1 chain verify, 4 of them anchored\./)
  assert.match(french.said, /✔ Le registre tient/)
})

test('AUD-13: checkpoints that were signed with a key it was not given are said to prove nothing, and those of AUDIT_ANCHOR_FILE are looked at', async () => {
  const keyless = await run(['--database', world.database.url, '--anchors', anchorsFile()])
  const configured = await run(['--key', world.app.anchorer.signer.publicKey], { env: { DATABASE_URL: world.database.url, AUDIT_ANCHOR_FILE: anchorsFile() } })

  assert.match(keyless.said, /No event is anchored; 5 not yet\.[^]*1 checkpoint is signed with a key that is not known here/)
  assert.match(configured.said, /Events 1 to 4 are anchored/)
  assert.doesNotMatch(configured.said, /--anchors|not known here/)
})

test('AUD-13: an export says offline how far it is anchored, and by whose key', async () => {
  const input = String((await ada.get('/api/v2/governance/audit/export')).body)

  const [own, given, stranger] = [await run(['-'], { input }), await run(['-', '--key', world.app.anchorer.signer.publicKey, '--anchors', anchorsFile()], { input }), await run(['-', '--key', 'A'.repeat(43)], { input })]

  assert.deepEqual([own.code, given.code, stranger.code], [0, 0, 0], own.said)
  assert.match(own.said, /Events 1 to 4 are anchored .*; 2 not yet\.[^]*The key is the one that the file itself names/)
  assert.doesNotMatch(given.said, /file itself names/)
  assert.match(stranger.said, /No event is anchored; 6 not yet\.[^]*not known here/)
})

test('AUD-03: what the owner of the database does is named with its place, and exits 1', async () => {
  const house = await world.person()
  await anchorChain(world.platform, world.app.anchorer.signer, house.identity.id as IdentityId)
  await world.owner.query(`update audit_events set body = replace(body, 'done', 'held') where identity_id = $1`, [house.identity.id])
  const changed = await run(known())
  await world.owner.query('delete from audit_events where identity_id = $1', [house.identity.id])
  await world.owner.query('delete from audit_heads where identity_id = $1', [house.identity.id])
  const gone = await run(known())

  assert.deepEqual([changed.code, gone.code], [1, 1], gone.said)
  assert.match(changed.said, new RegExp(`✘ ${house.identity.id} {2}Broken at event 1\\. Changed: `))
  assert.match(gone.said, /✘ [0-9a-f]{64} {2}Broken at event 1\. Cut: /)
})

test('a key that begins with a dash is a key', async () => {
  const input = String((await ada.get('/api/v2/governance/audit/export')).body)

  assert.equal((await run(['-', '--key', `-${'A'.repeat(42)}`], { input })).code, 0)
  assert.equal((await run(['-', '--key'], { input })).code, 2)
})

test('a database that does not answer, an instance that does not run and a chain that is not there exit 2', async () => {
  const answers = [await run(['--database', 'postgres://nobody:x@127.0.0.1:1/none']), await run([]), await run([...known(), '--identity', world.platform.secrets.derive('x').toString('hex').slice(0, 8)])]

  for (const { code, said } of answers) {
    assert.equal(code, 2, said)
    assert.ok(!said.includes('    at '), said)
  }
})

test('a running embedded PostgreSQL is found by its data folder', async () => {
  const folder = join(world.platform.settings.DATA_DIR, 'like-an-instance')
  assert.equal(await runningUrl(folder), undefined)
  await Promise.all([mkdir(join(folder, 'postgres'), { recursive: true }), mkdir(join(folder, 'secrets'), { recursive: true })])
  await writeFile(join(folder, 'postgres', 'postmaster.pid'), '123\n/data\n1700000000\n54321\n\n127.0.0.1\n\nready\n')
  await writeFile(join(folder, 'secrets', 'postgres-owner'), 'p4ss\n')

  assert.equal(await runningUrl(folder), 'postgres://chenu:p4ss@127.0.0.1:54321/chenu')
})
