import assert from 'node:assert/strict'
import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { access, chown, mkdir, mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { createInterface } from 'node:readline'
import { test, type TestContext } from 'node:test'
import { Client } from 'pg'
import { StartupError } from '../startup-error.ts'
import { startEmbeddedPostgres, type EmbeddedPostgres } from './embedded.ts'
import { lockInstance } from './instance-lock.ts'
import { stopLeftovers } from './leftovers.ts'

const isRoot = process.getuid?.() === 0
const NOBODY = 65_534

test('a fresh start gives a durable, deterministic, private database', async (t) => {
  const dataDir = await emptyFolder(t)

  const postgres = await started(t, dataDir)

  const [facts] = await query(postgres.ownerUrl, `
    select current_user as role, current_setting('fsync') as fsync, current_setting('synchronous_commit') as commit,
      current_setting('TimeZone') as zone, current_setting('listen_addresses') as listens, current_setting('data_checksums') as checksums,
      pg_encoding_to_char(encoding) as encoding, datlocprovider as provider, datlocale as locale, upper('é') as upper,
      (select rolpassword like 'SCRAM-SHA-256$%' from pg_authid where rolname = 'chenu') as scram
    from pg_database where datname = current_database()`)
  assert.deepEqual(facts, {
    role: 'chenu', fsync: 'on', commit: 'on', zone: 'UTC', listens: '127.0.0.1', checksums: 'on',
    encoding: 'UTF8', provider: 'b', locale: 'C.UTF-8', upper: 'É', scram: true,
  })
  assert.equal((await stat(join(dataDir, 'secrets', 'postgres-owner'))).mode & 0o777, 0o600)
  await assert.rejects(query(postgres.ownerUrl.replace(/:[\w-]{43}@/, ':wrong@'), 'select 1'), { code: '28P01' })
})

test('no value of a failing statement reaches the log', async (t) => {
  const dataDir = await emptyFolder(t)
  const { ownerUrl } = await started(t, dataDir)
  await query(ownerUrl, 'create table person (email text primary key)')
  await query(ownerUrl, 'insert into person values ($1)', ['jane@private.example'])

  await assert.rejects(query(ownerUrl, 'insert into person values ($1)', ['jane@private.example']), { code: '23505' })
  await assert.rejects(query(ownerUrl, `select 'jane@private.example'::int`), { code: '22P02' })
  await assert.rejects(query(ownerUrl, 'select $1::int', ['jane@private.example']), { code: '22P02' })

  assert.doesNotMatch(await readFile(join(dataDir, 'postgres.log'), 'utf8'), /private|person|select|insert/)
})

test('a second start keeps the data, and sets a lost password again', async (t) => {
  const dataDir = await emptyFolder(t)
  const first = await started(t, dataDir)
  await query(first.ownerUrl, 'create table kept as select 7 as number')
  await first.stop()

  const second = await started(t, dataDir)
  assert.deepEqual(await query(second.ownerUrl, 'select number from kept'), [{ number: 7 }])
  await second.stop()
  await rm(join(dataDir, 'secrets'), { recursive: true })

  const third = await started(t, dataDir)
  assert.notEqual(third.ownerUrl.slice(0, 60), second.ownerUrl.slice(0, 60))
  assert.deepEqual(await query(third.ownerUrl, 'select number from kept'), [{ number: 7 }])
})

test('a killed PostgreSQL comes back at the same address with every acknowledged write', async (t) => {
  const dataDir = await emptyFolder(t)
  const { ownerUrl } = await started(t, dataDir)
  await query(ownerUrl, 'create table written (number int primary key)')
  const acknowledged = writeUntilRefused(ownerUrl)
  await eventually(async () => (await query(ownerUrl, 'select 1 from written limit 1')).length === 1)

  process.kill(await postmasterPid(dataDir), 'SIGKILL')

  const last = await acknowledged
  await eventually(() => query(ownerUrl, 'select 1').then(() => true, () => false))
  const [row] = await query(ownerUrl, 'select count(*)::int as count from written where number <= $1', [last])
  assert.equal(row?.count, last)
})

test('a stop right after PostgreSQL was killed leaves nothing behind', async (t) => {
  const dataDir = await emptyFolder(t)
  const postgres = await started(t, dataDir)
  postgres.onExit(() => assert.fail('nobody is told about an end that was asked for'))
  process.kill(await postmasterPid(dataDir), 'SIGKILL')

  await postgres.stop()

  const again = await started(t, dataDir)
  assert.equal((await query(again.ownerUrl, 'select 1 as one')).length, 1)
})

test('a start takes over from a server whose process was killed', async (t) => {
  const dataDir = await emptyFolder(t)
  const { child, ownerUrl } = await startedElsewhere(t, dataDir)
  await query(ownerUrl, 'create table kept as select 7 as number')
  const orphan = await postmasterPid(dataDir)
  await killed(child)
  assert.doesNotThrow(() => process.kill(orphan, 0))
  const lines: string[] = []

  const postgres = await started(t, dataDir, (line) => { lines.push(line) })

  assert.deepEqual(lines, ['Stopping the PostgreSQL that a former run left behind.'])
  assert.notEqual(await postmasterPid(dataDir), orphan)
  assert.deepEqual(await query(postgres.ownerUrl, 'select number from kept'), [{ number: 7 }])
})

test('a start recovers when everything was killed and the old pid belongs to another program', async (t) => {
  const dataDir = await emptyFolder(t)
  const { child, ownerUrl } = await startedElsewhere(t, dataDir)
  await query(ownerUrl, 'create table kept as select 7 as number')
  const pid = await postmasterPid(dataDir)
  await killed(child)
  process.kill(pid, 'SIGKILL')
  const other = spawn('sleep', ['60'])
  atEnd(t, () => killed(other))
  const pidFile = join(dataDir, 'postgres', 'postmaster.pid')
  await writeFile(pidFile, (await readFile(pidFile, 'utf8')).replace(String(pid), String(other.pid)))

  const postgres = await started(t, dataDir)

  assert.equal(other.exitCode, null)
  assert.deepEqual(await query(postgres.ownerUrl, 'select number from kept'), [{ number: 7 }])
})

test('one server a data folder; the lock goes with its process', async (t) => {
  const dataDir = await emptyFolder(t)
  const holder = await startedElsewhere(t, dataDir)

  await assert.rejects(lockInstance(dataDir), new StartupError(`The data folder ${dataDir} is in use by another CHE·NU server (process ${holder.child.pid}); stop that one or set another DATA_DIR.`))

  await killed(holder.child)
  const lock = await lockInstance(dataDir)
  await assert.rejects(lockInstance(dataDir), StartupError)
  lock.release()
  const next = await lockInstance(dataDir)
  next.release()
})

test('each obstacle is one sentence', async (t) => {
  const dataDir = await emptyFolder(t)
  const file = join(dataDir, 'file')
  await writeFile(file, '')
  const foreign = join(dataDir, 'foreign')
  await mkdir(join(foreign, 'postgres'), { recursive: true })
  await writeFile(join(foreign, 'postgres', 'notes.txt'), 'mine')
  const former = join(dataDir, 'former')
  await mkdir(join(former, 'postgres'), { recursive: true })
  await writeFile(join(former, 'postgres', 'PG_VERSION'), '17\n')

  const refuses = (folder: string, message: RegExp) => assert.rejects(startEmbeddedPostgres({ dataDir: folder }), { name: 'StartupError', message })

  await refuses(file, /^The data folder .+ is a file or lies below one; .+\.$/)
  await refuses(join(file, 'below'), /^The data folder .+ is a file or lies below one; .+\.$/)
  await refuses(foreign, /^The folder .+ is not a PostgreSQL database .+\.$/)
  await refuses(former, /^The database in .+ was made by PostgreSQL 17 and this server has 18; .+\.$/)
})

test('a cluster that was half made is made again', async (t) => {
  const dataDir = await emptyFolder(t)
  await mkdir(join(dataDir, 'postgres.new', 'base'), { recursive: true })
  await writeFile(join(dataDir, 'postgres.new', 'PG_VERSION'), '18\n')
  await mkdir(join(dataDir, 'postgres'))

  const postgres = await started(t, dataDir)

  assert.equal((await query(postgres.ownerUrl, 'select 1')).length, 1)
  await assert.rejects(access(join(dataDir, 'postgres.new')), { code: 'ENOENT' })
})

test('root can keep the data where only root can go', { skip: !isRoot && 'needs root' }, async (t) => {
  const closed = await emptyFolder(t, '/root/.chenu-test-')
  const dataDir = join(closed, 'deep', 'data')

  const first = await started(t, dataDir)
  await query(first.ownerUrl, 'create table kept as select 7 as number')
  await first.stop()
  await chown(join(dataDir, 'postgres'), 0, 0) // As a backup restored by root.
  const second = await started(t, dataDir)

  assert.deepEqual(await query(second.ownerUrl, 'select number from kept'), [{ number: 7 }])
  assert.notEqual((await stat(join(dataDir, 'postgres'))).uid, 0)
})

test('an ordinary account runs it as itself, and is told what it may not read', { skip: !isRoot && 'every other test runs so' }, async (t) => {
  const dataDir = await emptyFolder(t)
  await chown(dataDir, NOBODY, NOBODY)
  const theirs = await emptyFolder(t)
  if (!(await isPublic(import.meta.filename))) return t.skip('the sources are in a folder that only root can enter')

  const { child, ownerUrl } = await startedElsewhere(t, dataDir, NOBODY)
  assert.equal((await query(ownerUrl, 'select 1')).length, 1)
  assert.equal((await stat(join(dataDir, 'postgres'))).uid, NOBODY)
  child.kill('SIGTERM')
  assert.deepEqual(await once(child, 'exit'), [0, null])

  await assert.rejects(startedElsewhere(t, theirs, NOBODY), /The data folder .+ cannot be read and written by this account/)
})

/** Starts the embedded PostgreSQL in this process; it is stopped after the test. */
async function started(t: TestContext, dataDir: string, log: (line: string) => void = () => {}): Promise<EmbeddedPostgres> {
  const postgres = await startEmbeddedPostgres({ dataDir, log })
  atEnd(t, () => postgres.stop())
  return postgres
}

const ELSEWHERE = `
import { lockInstance } from '${new URL('instance-lock.ts', import.meta.url)}'
import { startEmbeddedPostgres } from '${new URL('embedded.ts', import.meta.url)}'
const dataDir = process.env.TEST_DATA_DIR
try {
  await lockInstance(dataDir)
  const postgres = await startEmbeddedPostgres({ dataDir })
  process.on('SIGTERM', () => postgres.stop())
  console.log(postgres.ownerUrl)
} catch (error) {
  console.log(error.message)
}`

/** Starts lock and PostgreSQL in another process, which tells the address or the sentence of its failure. */
async function startedElsewhere(t: TestContext, dataDir: string, uid = process.getuid?.() ?? 0): Promise<{ child: ChildProcess; ownerUrl: string }> {
  const child = spawn(process.execPath, ['--input-type=module', '--eval', ELSEWHERE], {
    uid, gid: uid === NOBODY ? NOBODY : process.getgid?.() ?? uid, cwd: '/', stdio: ['ignore', 'pipe', 'inherit'], env: { PATH: process.env.PATH, TEST_DATA_DIR: dataDir },
  })
  atEnd(t, () => killed(child))
  assert(child.stdout)
  const [said] = await once(createInterface(child.stdout), 'line') as [string]
  if (!said.startsWith('postgres://')) throw new Error(said)
  return { child, ownerUrl: said }
}

async function killed(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return
  child.kill('SIGKILL')
  await once(child, 'exit')
}

/** True when every account may enter all folders above the file. */
async function isPublic(path: string): Promise<boolean> {
  const folder = dirname(path)
  const { mode } = await stat(folder)
  return (mode & 0o001) !== 0 && (folder === '/' || isPublic(folder))
}

const endings = new WeakMap<TestContext, Array<() => Promise<void>>>()

/** Cleans up after the test, the latest first: the folder goes when nothing runs in it any more. */
function atEnd(t: TestContext, ending: () => Promise<void>): void {
  const mine = endings.get(t) ?? []
  if (mine.length === 0) t.after(async () => { for (const end of mine.toReversed()) await end() })
  endings.set(t, mine)
  mine.push(ending)
}

/** A folder of this test; what still runs in it is stopped before it is removed. */
async function emptyFolder(t: TestContext, prefix = join(tmpdir(), 'chenu-test-')): Promise<string> {
  const folder = await mkdtemp(prefix)
  atEnd(t, async () => {
    await stopLeftovers(join(folder, 'postgres'), () => {})
    await rm(folder, { recursive: true, force: true, maxRetries: 5 })
  })
  return folder
}

async function query(url: string, sql: string, values: unknown[] = []): Promise<Array<Record<string, unknown>>> {
  const client = new Client({ connectionString: url })
  client.on('error', () => {})
  await client.connect()
  try {
    return (await client.query(sql, values)).rows
  } finally {
    await client.end().catch(() => {})
  }
}

/** Inserts 1, 2, 3 … until the connection breaks; answers the last number that was acknowledged. */
async function writeUntilRefused(url: string): Promise<number> {
  const client = new Client({ connectionString: url })
  client.on('error', () => {})
  await client.connect()
  for (let number = 1; ; number += 1) {
    const done = await client.query('insert into written values ($1)', [number]).then(() => true, () => false)
    if (!done) return number - 1
  }
}

async function postmasterPid(dataDir: string): Promise<number> {
  return Number.parseInt(await readFile(join(dataDir, 'postgres', 'postmaster.pid'), 'utf8'), 10)
}

async function eventually(holds: () => Promise<boolean>): Promise<void> {
  const deadline = Date.now() + 10_000
  while (!(await holds())) {
    assert(Date.now() < deadline, 'it did not become true in 10 s')
    await new Promise((resolve) => setTimeout(resolve, 10))
  }
}
