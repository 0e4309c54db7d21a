import assert from 'node:assert/strict'
import { once } from 'node:events'
import { connect, createServer, type AddressInfo } from 'node:net'
import { after, before, test } from 'node:test'
import { sql, type RawBuilder } from 'kysely'
import { startStore, type TestStore } from '../../testing/store.ts'
import { isProblem } from '../errors.ts'
import { createLog } from '../log.ts'
import { DatabaseTimeout, ServiceUnavailable } from '../problems.ts'
import { createStore, STORE_LIMITS, type Scope, type Store } from './store.ts'

const NOBODY: Scope = { service: 'test' }

let ours: TestStore
let url: string
before(async () => {
  ours = await startStore()
  url = ours.url
})
after(() => ours.close())

const withStore = async (limits: Partial<typeof STORE_LIMITS>, work: (store: Store) => Promise<void>, connections = 2): Promise<void> => {
  const store = createStore({ url, connections, log: createLog('silent'), limits })
  try {
    await work(store)
  } finally {
    await store.close()
  }
}
const run = (store: Store, statement: RawBuilder<unknown>): Promise<unknown[]> => store.within(NOBODY, (tx) => tx.send(statement.compile(tx.db)))
const fails = (code: string): RawBuilder<unknown> => sql.raw(`do $$ begin raise exception 'no' using errcode = '${code}'; end $$`)

test('ERR-14: a statement may take so long, then its transaction is given up with 504 and the connection works on', () => withStore({ statementMs: 100 }, async (store) => {
  await assert.rejects(run(store, sql`select pg_sleep(20)`), (error) => isProblem(error, DatabaseTimeout))

  assert.deepEqual(await run(store, sql`select 1 as one`), [{ one: 1 }])
  assert.equal(store.pool.totalCount, 1)
}, 1))

test('ERR-14: the limits add up to less than the 30 seconds that a request may take', () => {
  const { connectMs, beginMs, silenceMs, statementMs } = STORE_LIMITS

  assert.deepEqual(STORE_LIMITS, { connectMs: 3_000, beginMs: 2_000, statementMs: 10_000, silenceMs: 12_000, waitingMax: 1_000 })
  assert.ok(silenceMs > statementMs, 'a living PostgreSQL ends a statement itself')
  assert.ok(connectMs + beginMs + silenceMs < 30_000)
})

test('ERR-06: a transaction that collided is tried again three times, then it is 503', () => withStore({}, async (store) => {
  for (const code of ['40001', '40P01']) {
    let tries = 0
    await assert.rejects(store.within(NOBODY, async (tx) => {
      tries += 1
      await tx.send(fails(code).compile(tx.db))
    }), { code })
    assert.equal(tries, 4)
  }
  let tries = 0
  await store.within(NOBODY, async (tx) => {
    tries += 1
    if (tries < 3) await tx.send(fails('40001').compile(tx.db))
  })
  assert.equal(tries, 3)
}))

test('ERR-06: a collision is known as one by whatever was sent behind it', () => withStore({}, async (store) => {
  let tries = 0
  await store.within(NOBODY, async (tx) => {
    tries += 1
    if (tries > 1) return
    const collided = tx.send(fails('40P01').compile(tx.db))
    collided.catch(() => {})
    await tx.send(sql`select 1`.compile(tx.db))
  })
  assert.equal(tries, 2)
}))

/** A connection that PostgreSQL ends in the very moment in which it is ready: both are read as one. */
async function readyAndOver(): Promise<{ url: string; close(): Promise<unknown> }> {
  const to = new URL(url)
  const says = Buffer.from('SFATAL\0VFATAL\0C57P01\0Mterminating connection due to administrator command\0\0')
  const fatal = Buffer.concat([Buffer.from('E\0\0\0'), Buffer.of(says.length + 4), says])
  const server = createServer((near) => {
    const far = connect(Number(to.port), to.hostname)
    for (const socket of [near, far]) socket.on('error', () => {})
    near.pipe(far)
    far.on('data', (chunk) => {
      if (!chunk.includes('Z\0\0\0\x05I')) return near.write(chunk)
      far.destroy()
      return near.end(Buffer.concat([chunk, fatal]))
    })
  })
  await once(server.listen(0, '127.0.0.1'), 'listening')
  return { url: Object.assign(new URL(url), { port: String((server.address() as AddressInfo).port) }).href, close: () => once(server.close(), 'close') }
}

test('F-04: a connection that is ended while it is handed over ends no process', async () => {
  const short = await readyAndOver()
  const store = createStore({ url: short.url, connections: 1, log: createLog('silent') })

  for (let n = 0; n < 3; n += 1) await assert.rejects(run(store, sql`select 1`), (error) => isProblem(error, ServiceUnavailable))

  await store.close()
  await short.close()
})

test('what else fails is tried once', () => withStore({}, async (store) => {
  for (const code of ['23505', '22P02', '55P03', 'XX000']) {
    let tries = 0
    await assert.rejects(store.within(NOBODY, async (tx) => {
      tries += 1
      await tx.send(fails(code).compile(tx.db))
    }), { code })
    assert.equal(tries, 1)
  }
}))

test('a statement that a connection had prepared survives a migration of its table', () => withStore({}, async (store) => {
  await ours.owner.query('create table migrated (id int primary key); insert into migrated values (1); grant select on migrated to chenu_server')
  const read = (): Promise<unknown[]> => run(store, sql`select * from migrated`)
  await Promise.all([read(), read()])

  await ours.owner.query(`alter table migrated add column word text not null default 'new'`)

  assert.deepEqual(await Promise.all([read(), read(), read()]), Array.from({ length: 3 }, () => [{ id: 1, word: 'new' }]))
}))

test('under pressure what would wait behind too many is refused at once, with a time to come back', () => withStore({ waitingMax: 5 }, async (store) => {
  let release = (): void => {}
  const held = new Promise<void>((resolve) => { release = resolve })
  const holding = [1, 2].map(() => store.within(NOBODY, async (tx) => {
    await tx.send(sql`select 1`.compile(tx.db))
    await held
  }))
  await Promise.race(holding.map(() => new Promise((resolve) => { setImmediate(resolve) })))

  const asked = Array.from({ length: 50 }, () => run(store, sql`select 1 as one`).catch((error: unknown) => error))
  const refused = (await Promise.all(asked.slice(5).map((one) => Promise.race([one, held.then(() => 'waited')])))).filter((error) => isProblem(error, ServiceUnavailable))
  release()
  await Promise.all(holding)

  assert.equal(refused.length, 45)
  assert.ok(refused.every((error) => isProblem(error) && error.headers['retry-after'] === '1'))
  const served = (await Promise.all(asked)).filter((rows) => Array.isArray(rows))
  assert.equal(served.length, 5)
}))

test('a connection that broke inside a transaction is not used again', () => withStore({}, async (store) => {
  await assert.rejects(run(store, sql`select pg_terminate_backend(pg_backend_pid())`), (error) => isProblem(error, ServiceUnavailable))

  assert.deepEqual(await run(store, sql`select 1 as one`), [{ one: 1 }])
}, 1))
