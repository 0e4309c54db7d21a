import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { access, readFile, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { test } from 'node:test'
import { client, register } from '../testing/person.ts'
import { emptyFolder } from '../testing/process/at-end.ts'
import { eventually } from '../testing/process/eventually.ts'
import { isAlive, postgresOf } from '../testing/process/postgres-of.ts'
import { launch, serverPid, startServer } from '../testing/process/server-process.ts'

const seconds = (ms: number): string => `${(ms / 1_000).toFixed(1)} s`

test('a first start says where it is, its docs, its data and its seal; a second one has kept everything', async (t) => {
  const dataDir = join(await emptyFolder(t), 'data')

  const first = await startServer(t, { settings: { DATA_DIR: dataDir } })
  const ada = await register(first.url)
  const { body: note } = await ada.post('/api/v2/notes', { title: 'Courses' })

  assert.match(first.url, /^http:\/\/127\.0\.0\.1:\d+$/)
  assert.ok(first.out().includes(`docs      ${first.url}/docs\n`))
  assert.ok(first.out().includes(`data      ${dataDir}\n`))
  assert.ok(first.out().includes(`seal      ${join(dataDir, 'architect-seal')}\n`))
  assert.equal((await stat(join(dataDir, 'architect-seal'))).mode & 0o777, 0o600)
  assert.match(await readFile(join(dataDir, 'architect-seal'), 'utf8'), /^[\w-]{43}\n$/)
  const anyone = client(first.url)
  for (const path of ['/health', '/ready', '/docs', '/openapi.json', '/metrics']) assert.equal((await anyone.get(path)).status, 200, path)
  assert.ok((await postgresOf(dataDir)).length > 0)
  first.signal('SIGTERM')
  const ended = await first.ended
  assert.deepEqual([ended.code, ended.err, await postgresOf(dataDir)], [0, '', []])

  const second = await startServer(t, { settings: { DATA_DIR: dataDir } })
  const again = client(second.url, ada.token)

  assert.equal((await again.get(`/api/v2/notes/${note.id}`)).body.title, 'Courses')
  t.diagnostic(`first start ${seconds(first.readyInMs)}, second start ${seconds(second.readyInMs)}`)
})

const moments: Array<[string, string]> = [['the data folder is locked', 'instance.pid'], ['the database is being made', 'postgres.new/PG_VERSION'], ['PostgreSQL is starting', 'postgres/postmaster.pid']]

for (const [moment, file] of moments) {
  test(`a signal while ${moment} unwinds the start: nothing stays, and the next start works`, async (t) => {
    const dataDir = await emptyFolder(t)
    const exists = (name: string) => access(join(dataDir, name)).then(() => true, () => false)

    const starting = launch(t, { settings: { DATA_DIR: dataDir } })
    await eventually(moment, () => exists(file))
    starting.signal('SIGTERM')
    const { code, err } = await starting.ended

    assert.deepEqual([code, err, await postgresOf(dataDir), await exists('instance.pid')], [0, '', [], false])
    const server = await startServer(t, { settings: { DATA_DIR: dataDir } })
    assert.equal((await client(server.url).get('/ready')).status, 200)
  })
}

test('Ctrl-C twice ends as once', async (t) => {
  const dataDir = await emptyFolder(t)
  const server = await startServer(t, { settings: { DATA_DIR: dataDir } })

  server.signal('SIGINT')
  server.signal('SIGINT')

  const { code, err } = await server.ended
  assert.deepEqual([code, err, await postgresOf(dataDir)], [0, '', []])
})

test('a killed launcher takes its server and PostgreSQL along', async (t) => {
  const dataDir = await emptyFolder(t)
  const server = await startServer(t, { settings: { DATA_DIR: dataDir } })
  const pid = await serverPid(dataDir)

  process.kill(server.pid, 'SIGKILL')

  await eventually('the server has ended', async () => !(await isAlive(pid)))
  assert.deepEqual(await postgresOf(dataDir), [])
})

const npm = spawnSync('npm', ['--version'], { encoding: 'utf8' }).status === 0

test('npm start serves; a killed npm takes everything along', { skip: !npm && 'needs npm' }, async (t) => {
  const dataDir = await emptyFolder(t)
  const server = await startServer(t, { settings: { DATA_DIR: dataDir }, command: ['npm', 'start'] })
  const pid = await serverPid(dataDir)
  assert.equal((await client(server.url).get('/health')).status, 200)

  process.kill(server.pid, 'SIGKILL')

  await eventually('the server has ended', async () => !(await isAlive(pid)))
  assert.deepEqual(await postgresOf(dataDir), [])
})
