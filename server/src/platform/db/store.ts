import { randomBytes, randomInt } from 'node:crypto'
import type { Writable } from 'node:stream'
import { setTimeout as delay } from 'node:timers/promises'
import type { Compilable, CompiledQuery, Kysely } from 'kysely'
import { Pool, type PoolClient, type PoolConfig } from 'pg'
import { DatabaseTimeout, ServiceUnavailable } from '../problems.ts'
import type { IdentityId, UserId } from '../ids.ts'
import type { Log } from '../log.ts'
import { createVault, type Vault } from '../vault.ts'
import { builderOf, queryOf } from './driver.ts'
import type { DB } from './generated.ts'
import { keepOpen } from './keep-open.ts'

export type Queries = Kysely<DB>

/** Whose rows a transaction may see; row-level security reads it (docs/decisions/0003). */
export type Scope = {
  identityId?: IdentityId | undefined
  userId?: UserId | undefined
  /** The name of a service of ours that works over all identities: relay, outbox, sign-in … */
  service?: string
  /** Spheres that the transaction is limited to, as an API key may be; null or left out for none. */
  spheres?: readonly number[] | null | undefined
}

type Statement = Compilable | CompiledQuery | undefined

/** A closing that has to ask something first answers later; those after it wait for it. */
type Closing = () => Statement | Promise<Statement>

/** An open transaction. Closing statements are sent together with COMMIT, in one round trip. */
export type Tx = {
  db: Queries
  scope: Scope
  /** Sends a statement at once, without waiting for those before it (one round trip for several). */
  send<Row>(query: Compilable<Row> | CompiledQuery<Row>): Promise<Row[]>
  /** Adds a statement that runs just before COMMIT, in the order of the calls. */
  atClose(closing: Closing): void
  /** Runs once the commit is durable; what it throws is logged, never answered. */
  afterCommit(reaction: () => void): void
  /** Runs once the transaction is rolled back: for what was remembered from it. */
  afterRollback(reaction: () => void): void
  /** Wraps the data keys of this instance. */
  vault: Vault
  /** Tells the relay that committed events wait for it. */
  wakeRelay: () => void
}

/** Milliseconds: to get a connection, for BEGIN, for a statement, and until a connection that says nothing is given up. */
export type StoreLimits = {
  connectMs: number
  beginMs: number
  statementMs: number
  silenceMs: number
  /** Transactions that may wait for a connection; about what the pool does in a second. */
  waitingMax: number
}

export const STORE_LIMITS: StoreLimits = { connectMs: 3_000, beginMs: 2_000, statementMs: 10_000, silenceMs: 12_000, waitingMax: 1_000 }

export type Store = {
  /** Runs `work` in one transaction with the given scope; commits when it returns, rolls back when it throws. */
  within<T>(scope: Scope, work: (tx: Tx) => Promise<T>): Promise<T>
  /** The same on one connection kept apart, for the kill-switch: it works when the pool is full or PostgreSQL has no connection left. */
  withinReserved<T>(scope: Scope, work: (tx: Tx) => Promise<T>): Promise<T>
  /** Opens the reserved connection now, and again whenever it is lost. */
  reserve(): Promise<void>
  pool: Pool
  vault: Vault
  /** Set by the relay when it starts; until then events wait in their table. */
  wakeRelay: () => void
  close(): Promise<void>
}

const SERIALIZATION_RETRIES = 3
const retriable = new Set(['40001', '40P01'])

/** Without a vault what this store seals is lost with it: for tests alone. */
export function createStore(given: { url: string; connections: number; log: Log; limits?: Partial<StoreLimits>; vault?: Vault }): Store {
  const { url, log, vault = createVault(randomBytes(32)) } = given
  const limits = { ...STORE_LIMITS, ...given.limits }
  const pool = openPool({ url, log, limits }, { max: given.connections, idleTimeoutMillis: 60_000 })
  const reserved = openPool({ url, log, limits }, { max: 1, idleTimeoutMillis: 0 })
  const inTransaction = (from: Pool) => <T>(scope: Scope, work: (tx: Tx) => Promise<T>): Promise<T> =>
    withRetries(() => runTransaction({ pool: from, limits, vault, wakeRelay: () => store.wakeRelay() }, log, scope, work))
  const store: Store = {
    pool,
    vault,
    wakeRelay: () => {},
    within: inTransaction(pool),
    withinReserved: inTransaction(reserved),
    reserve: () => keepOpen(reserved),
    close: async () => { await Promise.all([pool.end(), reserved.end()]) },
  }
  return store
}

function openPool({ url, log, limits }: { url: string; log: Log; limits: StoreLimits }, size: { max: number; idleTimeoutMillis: number }): Pool {
  const config: PoolConfig & { pipeline: boolean } = {
    connectionString: url,
    ...size,
    connectionTimeoutMillis: limits.connectMs,
    query_timeout: limits.silenceMs,
    application_name: 'chenu',
    options: `-c statement_timeout=${limits.statementMs} -c lock_timeout=5000 -c idle_in_transaction_session_timeout=15000 -c timezone=UTC`,
    pipeline: true,
  }
  const pool = new Pool(config)
  // One that ends while the pool hands it over belongs to nobody for that moment; its user finds it dead at the first statement.
  pool.on('connect', (client) => { client.on('error', () => {}) })
  // An idle connection that PostgreSQL ends (57P01) emits here; without a listener the process would die.
  pool.on('error', (error) => {
    if (!pool.ending) log.warn({ error }, 'idle database connection lost')
  })
  return pool
}

async function withRetries<T>(attempt: () => Promise<T>): Promise<T> {
  for (let tries = 0; ; tries += 1) {
    try {
      return await attempt()
    } catch (error) {
      if (tries >= SERIALIZATION_RETRIES || !(isStalePlan(error) || retriable.has((error as { code?: string }).code ?? ''))) throw translate(error)
      // Jitter keeps two transactions that collided from colliding again.
      await delay(randomInt(5, 25 * (tries + 1)))
    }
  }
}

/** What would wait too long behind others is refused at once: a queue that grows helps nobody. */
async function connect({ pool, limits }: { pool: Pool; limits: StoreLimits }): Promise<PoolClient> {
  if (pool.waitingCount >= limits.waitingMax) throw ServiceUnavailable({ retryAfterSeconds: 1 })
  try {
    return await pool.connect()
  } catch {
    throw ServiceUnavailable({ retryAfterSeconds: 2 })
  }
}

async function runTransaction<T>(store: Pick<Store, 'pool' | 'vault' | 'wakeRelay'> & { limits: StoreLimits }, log: Log, scope: Scope, work: (tx: Tx) => Promise<T>): Promise<T> {
  const client = await connect(store)
  let broken: Error | undefined
  const onError = (error: Error): void => { broken = error }
  client.on('error', onError)
  const reactions: Array<() => void> = []
  const regrets: Array<() => void> = []
  let over = false
  // A statement after the end would run in the next transaction of this connection, in somebody else's scope.
  const ensureOpen = (): void => { if (over) throw new Error('The transaction is over') }
  const blameFirst = createBlame()
  try {
    const closings: Closing[] = []
    gather(client)
    const opened = Promise.all([client.query(beginQuery(store.limits)), client.query(scopeQuery(scope))])
    opened.catch(() => {}) // Reported by `await opened` below; never unhandled while `work` runs.
    const tx: Tx = {
      db: builderOf(client), scope,
      send: async (query) => {
        ensureOpen()
        gather(client)
        return (await client.query(queryOf('compile' in query ? query.compile() : query)).catch(blameFirst)).rows
      },
      atClose: (closing) => {
        ensureOpen()
        closings.push(closing)
      },
      afterCommit: (reaction) => { reactions.push(reaction) },
      afterRollback: (reaction) => { regrets.push(reaction) },
      vault: store.vault,
      wakeRelay: () => store.wakeRelay(),
    }
    const result = await work(tx)
    await opened
    await commit(client, closings, () => { over = true })
    for (const reaction of reactions) react(reaction, log)
    return result
  } catch (error) {
    over = true
    await rollback(client).catch((failure: Error) => { broken = failure })
    if (isStalePlan(error)) broken = error
    for (const regret of regrets) react(regret, log)
    throw error
  } finally {
    client.off('error', onError)
    client.release(broken)
  }
}

/**
 * Of the failures of one transaction the first is the cause: what was sent behind it finds the transaction aborted (25P02).
 * Whichever of them is waited for tells the cause, so that a collision is known as one, and tried again.
 */
function createBlame(): (error: unknown) => never {
  let first: unknown
  return (error) => {
    first ??= error
    throw (error as { code?: string }).code === '25P02' ? first : error
  }
}

/** The closing statements and COMMIT go out together. An error in one aborts the transaction, so COMMIT rolls back. */
async function commit(client: PoolClient, closings: Closing[], end: () => void): Promise<void> {
  gather(client)
  const sent: Array<Promise<unknown>> = []
  const send = (query: Statement): void => {
    if (!query) return
    const answer = client.query(queryOf('compile' in query ? query.compile() : query))
    answer.catch(() => {}) // Looked at below; never unhandled while a closing asks something.
    sent.push(answer)
  }
  try {
    for (const closing of closings) {
      const query = closing()
      if (!(query instanceof Promise)) send(query)
      else {
        send(await query)
        gather(client)
      }
    }
  } catch (error) {
    // Of several failures the first is the cause: what comes after it finds the transaction aborted.
    throw firstFailure(await Promise.allSettled(sent)) ?? error
  } finally {
    end()
  }
  const done = client.query('commit')
  const failed = firstFailure(await Promise.allSettled([...sent, done]))
  if (failed) throw failed
  const { command } = await done
  if (command !== 'COMMIT') throw new Error('The transaction was rolled back by the database')
}

const firstFailure = (results: Array<PromiseSettledResult<unknown>>): unknown => results.find((result) => result.status === 'rejected')?.reason

const gathering = new WeakSet<Writable>()

/**
 * Holds what this turn of the event loop sends back until its end, so that a batch of statements is one write to the
 * socket and not one each: writes are the dearest thing that this process does.
 */
function gather(client: PoolClient): void {
  const { stream } = (client as PoolClient & { connection: { stream: Writable } }).connection
  if (gathering.has(stream)) return
  gathering.add(stream)
  stream.cork()
  process.nextTick(() => {
    gathering.delete(stream)
    stream.uncork()
  })
}

async function rollback(client: PoolClient): Promise<void> {
  await client.query('rollback')
}

// BEGIN takes no time on a server that lives, so its silence is the first sign of one that hangs.
const beginQuery = ({ beginMs }: StoreLimits) => ({ text: 'begin', query_timeout: beginMs })

const scopeQuery = ({ identityId, userId, service, spheres }: Scope) => ({
  name: 'scope',
  // The lock is shared by all that work in an identity, and taken alone by its erasure (migration 0013).
  text: `select set_config('app.identity_id', $1, true), set_config('app.user_id', $2, true), set_config('app.service', $3, true), set_config('app.spheres', $4, true),
    case when $1 <> '' then pg_advisory_xact_lock_shared(hashtextextended($1, 0)) end`,
  values: [identityId ?? '', userId ?? '', service ?? '', spheres?.join(',') ?? ''],
})

function react(reaction: () => void, log: Log): void {
  try {
    reaction()
  } catch (error) {
    log.error({ error }, 'a reaction after commit failed')
  }
}

/** A migration changed what a statement of this connection answers with: another connection plans it anew. */
const isStalePlan = (error: unknown): error is Error => (error as { routine?: string }).routine === 'RevalidateCachedQuery'

/** Faults of the connection become 503 or 504; everything else keeps its SQLSTATE for the error map. */
function translate(error: unknown): unknown {
  const code = (error as { code?: string }).code ?? ''
  if (code === '57014') return DatabaseTimeout()
  if (isStalePlan(error)) return ServiceUnavailable({ retryAfterSeconds: 1 })
  if (/^(08|25P0[34]|57P|53[23])/.test(code) || /^E(CONN|PIPE|TIMEDOUT)/.test(code)) return ServiceUnavailable({ retryAfterSeconds: 2 })
  if (error instanceof Error && /Connection terminated|not queryable|Query read timeout|timeout exceeded when trying to connect/.test(error.message)) return ServiceUnavailable({ retryAfterSeconds: 2 })
  return error
}
