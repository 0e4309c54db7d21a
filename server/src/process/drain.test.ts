import assert from 'node:assert/strict'
import { connect } from 'node:net'
import { test } from 'node:test'
import { Client } from 'pg'
import { client, register } from '../testing/person.ts'
import { emptyFolder } from '../testing/process/at-end.ts'
import { eventually } from '../testing/process/eventually.ts'
import { ownerUrlOf, postgresOf } from '../testing/process/postgres-of.ts'
import { startServer } from '../testing/process/server-process.ts'

test('SIGINT and SIGTERM let a request in flight end, stop PostgreSQL and exit with 0', async (t) => {
  const dataDir = await emptyFolder(t)

  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    const server = await startServer(t, { settings: { DATA_DIR: dataDir } })
    const ada = await register(server.url)
    const owner = await connected(await ownerUrlOf(dataDir))
    await owner.query('begin')
    await owner.query('lock table notes in exclusive mode')
    const answer = ada.post('/api/v2/notes', { title: `During ${signal}` })
    await eventually('the request waits for the lock', async () => (await owner.query(`select 1 from pg_locks where relation = 'notes'::regclass and not granted`)).rows.length > 0)

    server.signal(signal)
    await eventually('nobody new is let in', () => isRefused(server.url))
    await owner.query('rollback')
    await owner.end()

    const { status, body } = await answer
    assert.equal(status, 201, JSON.stringify(body))
    const { code, err } = await server.ended
    assert.deepEqual([code, err, await postgresOf(dataDir)], [0, '', []])
    const next = await startServer(t, { settings: { DATA_DIR: dataDir } })
    assert.equal((await client(next.url, ada.token).get(`/api/v2/notes/${body.id}`)).status, 200)
    next.signal(signal)
    assert.equal((await next.ended).code, 0)
  }
})

async function connected(url: string): Promise<Client> {
  const owner = new Client({ connectionString: url })
  owner.on('error', () => {})
  await owner.connect()
  return owner
}

/** True when the port takes no connection any more. */
const isRefused = (url: string): Promise<boolean> => new Promise((done) => {
  const { hostname, port } = new URL(url)
  const socket = connect({ host: hostname, port: Number(port) })
  socket.once('connect', () => {
    socket.destroy()
    done(false)
  })
  socket.once('error', () => { done(true) })
})
