import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { access } from 'node:fs/promises'
import { join } from 'node:path'
import { after, before, suite, test, type TestContext } from 'node:test'
import { Pool } from 'pg'
import { createDatabase, serverUrl, type TestDatabase } from '../testing/database.ts'
import { client, register } from '../testing/person.ts'
import { atEnd, emptyFolder } from '../testing/process/at-end.ts'
import { eventually } from '../testing/process/eventually.ts'
import { approve, effects, hold } from '../testing/process/held.ts'
import { refuses } from '../testing/process/refuses.ts'
import { launch, startServer, type Launch, type ServerProcess } from '../testing/process/server-process.ts'

const withUrl = async (t: TestContext, DATABASE_URL: string): Promise<Launch & { settings: { DATA_DIR: string } }> =>
  ({ settings: { DATA_DIR: await emptyFolder(t), DATABASE_URL, RATE_LIMIT: 'off', LOG_LEVEL: 'warn' } })

const changed = (url: string, change: Partial<Pick<URL, 'username' | 'password' | 'port' | 'pathname'>>): string => Object.assign(new URL(url), change).href

/** A role that signs in, and an empty database that it owns; both go after the test. */
async function ownerOfEmpty(t: TestContext, attributes: string): Promise<string> {
  const name = `chenu_test_${randomBytes(6).toString('hex')}`
  const admin = new Pool({ connectionString: serverUrl(), max: 1 })
  atEnd(t, () => admin.end())
  await admin.query(`create role ${name} login password 'owner' ${attributes}`)
  atEnd(t, () => admin.query(`drop role ${name}`))
  await admin.query(`create database ${name} owner ${name}`)
  atEnd(t, async () => {
    await admin.query(`drop database ${name} with (force)`)
    const { rows } = await admin.query('select r.rolname from pg_auth_members m join pg_roles r on r.oid = m.member join pg_roles g on g.oid = m.grantor where g.rolname = $1', [name])
    for (const { rolname } of rows) await admin.query(`drop role ${rolname}`)
  })
  return changed(serverUrl(), { username: name, password: 'owner', pathname: `/${name}` })
}

suite('a PostgreSQL of one’s own', { concurrency: 2 }, () => {
  test('is used as it is: brought up to date, and no other is started', async (t) => {
    const given = await withUrl(t, await ownerOfEmpty(t, 'superuser'))
    const server = await startServer(t, given)
    const held = await hold(await register(server.url))

    assert.equal((await client(server.url).get('/api/v1/health/db')).status, 200)
    assert.ok(held.checkpointId)
    await assert.rejects(access(join(given.settings.DATA_DIR, 'postgres')), { code: 'ENOENT' })
    server.signal('SIGTERM')
    assert.deepEqual([(await server.ended).code, server.err()], [0, ''])
  })

  test('needs no superuser: the owner of the database with CREATEROLE is enough', async (t) => {
    const url = await ownerOfEmpty(t, 'createrole')
    const admin = new Pool({ connectionString: serverUrl(), max: 1 })
    atEnd(t, () => admin.end())
    // From PostgreSQL 16 on, who did not make a role may grant it only when told so; tests share one cluster.
    await admin.query(`do $$ begin create role chenu_server nologin; exception when duplicate_object or unique_violation then null; end $$`)
    await admin.query(`grant chenu_server to ${new URL(url).username} with admin option`)
    const server = await startServer(t, await withUrl(t, url))
    const ada = await register(server.url)
    const held = await hold(ada)

    assert.equal((await approve(ada, held)).status, 200)
    assert.equal(await effects(ada, held), 1)
    assert.equal((await (await register(server.url)).get(`/api/v2/notes/${held.noteId}`)).status, 403)
  })

  test('SEC-11: a user without CREATEROLE, and one that does not own the database, are refused in a sentence', async (t) => {
    const sentence = /^DATABASE_URL: that user may not do what a start needs \(permission denied .+\); make it the owner of the database, with CREATEROLE\.$/m
    const own = await ownerOfEmpty(t, '')
    const other = await ownerOfEmpty(t, 'createrole')

    await refuses(t, sentence, await withUrl(t, own))
    await refuses(t, sentence, await withUrl(t, changed(other, { username: new URL(own).username })))
  })

  test('that does not answer, or has no such database, is named in a sentence', async (t) => {
    await refuses(t, /^DATABASE_URL: no PostgreSQL answers at that address\.$/m, await withUrl(t, changed(serverUrl(), { port: '1' })))
    await refuses(t, /^DATABASE_URL: that database does not exist\.$/m, await withUrl(t, changed(serverUrl(), { pathname: '/chenu_nowhere' })))
  })

  test('that refuses user or password is named in a sentence, the password is not', async (t) => {
    const given = await withUrl(t, changed(serverUrl(), { username: 'chenu_nobody', password: 'a-password-that-stays-hidden' }))
    const { code, err } = await launch(t, given).ended

    assert.match(err, /^DATABASE_URL: PostgreSQL refuses that user( or password)?\.\n$/)
    assert.equal(code, 1)
  })
})

suite('two servers on one database', () => {
  const SHARED = { JWT_SECRET: randomBytes(32).toString('base64url'), ARCHITECT_SEAL: randomBytes(32).toString('base64url'), RATE_LIMIT: 'off', LOG_LEVEL: 'warn' }
  let database: TestDatabase
  before(async () => { database = await createDatabase() })
  after(() => database.drop())

  test('SEAL-09: share sessions and checkpoints, and stop together', async (t) => {
    const start = async (): Promise<ServerProcess> => startServer(t, { settings: { DATA_DIR: await emptyFolder(t), DATABASE_URL: database.url, ...SHARED } })
    const [one, two] = await Promise.all([start(), start()])
    const ada = await register(one.url)
    const elsewhere = client(two.url, ada.token)

    const held = await hold(ada)
    assert.equal((await approve(elsewhere, held)).status, 200)
    assert.equal((await approve(ada, held)).status, 409)
    const waiting = await hold(elsewhere)
    assert.equal((await client(one.url).post('/api/atom/killswitch', {}, { 'x-architect-seal': SHARED.ARCHITECT_SEAL })).status, 200)

    for (const person of [ada, elsewhere]) {
      const { status, body } = await approve(person, waiting)
      assert.deepEqual([status, body.code], [503, 'dormant'])
      assert.equal((await person.get('/api/atom/status')).body.status, 'dormant')
    }
    assert.equal((await client(two.url).post('/api/atom/revive', {}, { 'x-architect-seal': SHARED.ARCHITECT_SEAL })).status, 200)
    assert.equal((await approve(ada, waiting)).status, 200)
    await ada.post('/api/v2/auth/logout')
    await eventually('the other server knows that the session ended', async () => (await elsewhere.get('/api/v2/notes')).status === 401)
  })

  test('may make it at once; a third one with another secret is refused, and harms neither', async (t) => {
    const DATABASE_URL = await ownerOfEmpty(t, 'superuser')
    const given = async (secrets: Record<string, string>): Promise<Launch & { settings: { DATA_DIR: string } }> => ({ settings: { ...(await withUrl(t, DATABASE_URL)).settings, ...secrets } })
    const both = await Promise.all([startServer(t, await given(SHARED)), startServer(t, await given(SHARED))])

    if (await needsPasswords(DATABASE_URL)) await refuses(t, /^Another server works on this database with another JWT_SECRET; give all of them the same JWT_SECRET and ARCHITECT_SEAL\.$/m, await given({}))

    for (const { url } of both) assert.equal((await client(url).get('/ready')).status, 200)
  })
})

/** False for a PostgreSQL of a developer that trusts everyone. */
async function needsPasswords(url: string): Promise<boolean> {
  const pool = new Pool({ connectionString: changed(url, { password: 'not-it' }), max: 1 })
  return pool.query('select 1').then(() => false, () => true).finally(() => pool.end())
}
