import { createHash, randomUUID } from 'node:crypto'
import fastify, { type FastifyInstance } from 'fastify'
import type { Pool, PoolClient } from 'pg'

export const BARE_TABLES = `
  create table bare_notes (id uuid primary key, identity_id uuid not null, title text not null, body text not null, binned boolean not null default false, at timestamptz not null);
  create table bare_pending (id uuid primary key, note_id uuid not null, status text not null);
  create table bare_heads (identity_id uuid primary key, seq bigint not null, hash text not null);
  create table bare_audit (identity_id uuid not null, seq bigint not null, body text not null, prev_hash text not null, hash text not null, primary key (identity_id, seq));
  grant select, insert, update on bare_notes, bare_pending, bare_heads, bare_audit to chenu_server;
`

type Note = { identity_id: string; title: string; body: string }

async function inTransaction<T>(pool: Pool, work: (client: PoolClient) => Promise<T>): Promise<T> {
  const client = await pool.connect()
  try {
    await client.query('begin')
    const result = await work(client)
    await client.query('commit')
    return result
  } catch (error) {
    await client.query('rollback')
    throw error
  } finally {
    client.release()
  }
}

async function audit(client: PoolClient, identityId: string, event: unknown): Promise<void> {
  const { rows } = await client.query<{ seq: string; hash: string }>({ name: 'bare-head', text: 'select seq, hash from bare_heads where identity_id = $1 for update', values: [identityId] })
  const head = rows[0] ?? { seq: '0', hash: '' }
  const body = JSON.stringify(event)
  const seq = Number(head.seq) + 1
  const hash = createHash('sha256').update(`${head.hash}${seq}${body}`).digest('hex')
  await client.query({ name: 'bare-audit', text: 'insert into bare_audit values ($1, $2, $3, $4, $5)', values: [identityId, seq, body, head.hash, hash] })
  await client.query({ name: 'bare-next', text: 'update bare_heads set seq = $2, hash = $3 where identity_id = $1', values: [identityId, seq, hash] })
}

/**
 * The baseline: a plain Fastify route that does the same insert and a hash-chained audit row in one transaction through
 * the same pool, without identity, policy, fence, checkpoint, run, event or proof of who asked.
 */
export function createBare(pool: Pool): FastifyInstance {
  const server = fastify()
  server.post('/notes', async (request, reply) => {
    const note = request.body as Note
    const id = randomUUID()
    await inTransaction(pool, async (client) => {
      await client.query({ name: 'bare-note', text: 'insert into bare_notes (id, identity_id, title, body, at) values ($1, $2, $3, $4, now())', values: [id, note.identity_id, note.title, note.body] })
      await audit(client, note.identity_id, { action: 'create', id })
    })
    return reply.code(201).send({ id })
  })
  server.post('/hold', async (request, reply) => {
    const { identity_id: identityId, note_id: noteId } = request.body as { identity_id: string; note_id: string }
    const id = randomUUID()
    await inTransaction(pool, async (client) => {
      await client.query({ name: 'bare-hold', text: `insert into bare_pending values ($1, $2, 'pending')`, values: [id, noteId] })
      await audit(client, identityId, { action: 'hold', id })
    })
    return reply.code(423).send({ id })
  })
  server.post('/approve', async (request) => {
    const { identity_id: identityId, id } = request.body as { identity_id: string; id: string }
    await inTransaction(pool, async (client) => {
      const { rows } = await client.query<{ note_id: string }>({ name: 'bare-claim', text: `update bare_pending set status = 'approved' where id = $1 and status = 'pending' returning note_id`, values: [id] })
      await client.query({ name: 'bare-bin', text: 'update bare_notes set binned = true where id = $1', values: [rows[0]?.note_id] })
      await audit(client, identityId, { action: 'delete', id })
    })
    return { id }
  })
  return server
}
