import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { readdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { test } from 'node:test'
import { createDatabase } from '../testing/database.ts'
import { register } from '../testing/person.ts'
import { atEnd, emptyFolder, type Scope } from '../testing/process/at-end.ts'
import { launch, startServer } from '../testing/process/server-process.ts'

async function ownDatabase(t: Scope): Promise<string> {
  const database = await createDatabase()
  atEnd(t, () => database.drop())
  return database.url
}

test('SEC-01, SEC-14: what must not start ends with 1 and one sentence, which says no secret', async (t) => {
  const DATA_DIR = await emptyFolder(t)
  const secret = randomBytes(32).toString('base64url')
  const wrong: Array<[Record<string, string>, RegExp]> = [
    [{ JWT_SECRET: secret.slice(0, 20) }, /^JWT_SECRET must be at least 32 bytes long\.\n$/], [{ JWT_SECRET: `example-${secret}` }, /^JWT_SECRET looks like an example; .*\n$/],
    [{ JWT_SECRET: secret, ARCHITECT_SEAL: secret }, /^JWT_SECRET and ARCHITECT_SEAL must differ\.\n$/], [{ NODE_TLS_REJECT_UNAUTHORIZED: '0' }, /NODE_TLS_REJECT_UNAUTHORIZED=0 switches certificate checks off/],
  ]
  for (const [settings, sentence] of wrong) {
    const { code, err, out } = await launch(t, { settings: { DATA_DIR, DATABASE_URL: 'postgres://nobody@127.0.0.1:1/nothing', ...settings } }).ended

    assert.equal(code, 1)
    assert.match(err, sentence)
    for (const value of Object.values(settings)) assert.ok(value === '0' || !`${out}${err}`.includes(value))
  }
})

test('SEC-13: the server runs without __proto__, and what it is given is not in its command line', async (t) => {
  const DATA_DIR = await emptyFolder(t)
  const ARCHITECT_SEAL = randomBytes(32).toString('base64url')
  const { url } = await startServer(t, { settings: { DATA_DIR, DATABASE_URL: await ownDatabase(t), ARCHITECT_SEAL } })
  const ada = await register(url)
  assert.equal((await ada.post('/api/v2/nova/query', { message: 'Crée une note « Courses »' })).status, 200)

  if (process.platform !== 'linux') return
  const lines = await commandLines('--disable-proto=delete')
  assert.ok(lines.some((line) => line.includes('server/src/main.ts')))
  for (const line of lines) assert.ok(!line.includes(ARCHITECT_SEAL))
})

/** Command lines of running processes that hold a word; Linux only. */
async function commandLines(word: string): Promise<string[]> {
  const pids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name))
  const lines = await Promise.all(pids.map((pid) => readFile(join('/proc', pid, 'cmdline'), 'utf8').catch(() => '')))
  return lines.filter((line) => line.includes(word))
}

for (const [fault, code] of [['uncaughtException', 'throw new Error("planted words")'], ['unhandledRejection', 'Promise.reject(new TypeError("planted words"))']] as const) {
  test(`ERR-13: an ${fault} is logged without its words, and the process ends in order with 1`, async (t) => {
    const DATA_DIR = await emptyFolder(t)
    const preload = join(DATA_DIR, 'fault.mjs')
    await writeFile(preload, `if (process.argv[1]?.endsWith('main.ts')) process.on('SIGUSR2', () => { ${code} })`)
    const server = await startServer(t, { settings: { DATA_DIR, DATABASE_URL: await ownDatabase(t), NODE_OPTIONS: `--import=${preload}`, LOG_LEVEL: 'info' } })
    const ada = await register(server.url)
    assert.equal((await ada.post('/api/v2/notes', { title: 'x' })).status, 201)

    process.kill(await childOf(server.pid), 'SIGUSR2')
    const { code: exit, out, err } = await server.ended

    assert.equal(exit, 1)
    const line = out.split('\n').filter((text) => text.startsWith('{')).map((text) => JSON.parse(text)).find(({ msg }) => msg === fault)
    assert.equal(line?.level, 'fatal')
    assert.doesNotMatch(`${out}${err}`, /planted words/)
  })
}

/** The one child of the launcher: the server. */
async function childOf(pid: number): Promise<number> {
  const text = await readFile(`/proc/${pid}/task/${pid}/children`, 'utf8')
  return Number(text.trim().split(' ')[0])
}
