import { createHash } from 'node:crypto'
import { Kysely, PostgresAdapter, PostgresIntrospector, PostgresQueryCompiler, type CompiledQuery, type DatabaseConnection, type Dialect, type QueryResult } from 'kysely'
import type { Pool, PoolClient, QueryConfig } from 'pg'
import type { DB } from './generated.ts'

const PREPARED_MAX = 500
const names = new Map<string, string>()

/**
 * A query for node-postgres. Statements are prepared under a name made of their text, so PostgreSQL parses and plans
 * each of them once a connection. At most PREPARED_MAX names exist; a text beyond that goes unnamed.
 */
export function queryOf(query: Pick<CompiledQuery, 'sql' | 'parameters'>): QueryConfig {
  let name = names.get(query.sql)
  if (name === undefined && names.size < PREPARED_MAX) {
    name = createHash('sha256').update(query.sql).digest('base64url').slice(0, 24)
    names.set(query.sql, name)
  }
  return { ...(name === undefined ? {} : { name }), text: query.sql, values: query.parameters as unknown[] }
}

class Connection implements DatabaseConnection {
  readonly client: PoolClient
  constructor(client: PoolClient) { this.client = client }

  async executeQuery<R>(query: CompiledQuery): Promise<QueryResult<R>> {
    const { rows, rowCount, command } = await this.client.query(queryOf(query))
    const changed = command === 'INSERT' || command === 'UPDATE' || command === 'DELETE' || command === 'MERGE'
    return { rows: rows as R[], ...(changed ? { numAffectedRows: BigInt(rowCount ?? 0) } : {}) }
  }

  // eslint-disable-next-line require-yield
  async *streamQuery<R>(): AsyncIterableIterator<QueryResult<R>> {
    throw new TypeError('Streaming needs a cursor; read by key instead')
  }
}

const dialect = (acquire: () => Promise<DatabaseConnection>, release: (connection: DatabaseConnection) => void): Dialect => ({
  createAdapter: () => new PostgresAdapter(),
  createIntrospector: (db) => new PostgresIntrospector(db),
  createQueryCompiler: () => new PostgresQueryCompiler(),
  createDriver: () => ({
    init: async () => {},
    acquireConnection: acquire,
    beginTransaction: async () => { throw new TypeError('Transactions begin in Store.within') },
    commitTransaction: async () => {},
    rollbackTransaction: async () => {},
    releaseConnection: async (connection) => release(connection),
    destroy: async () => {},
  }),
})

const bound = new WeakMap<PoolClient, Kysely<DB>>()

/** The query builder of one connection; made once a connection. */
export function builderOf(client: PoolClient): Kysely<DB> {
  let builder = bound.get(client)
  if (builder === undefined) {
    const connection = new Connection(client)
    builder = new Kysely<DB>({ dialect: dialect(async () => connection, () => {}) })
    bound.set(client, builder)
  }
  return builder
}

/** A builder over a pool, without row scope: for the migrations and the tests, which own their database. */
export function poolBuilder(pool: Pool): Kysely<DB> {
  return new Kysely<DB>({
    dialect: dialect(
      async () => new Connection(await pool.connect()),
      (connection) => { (connection as Connection).client.release() },
    ),
  })
}
