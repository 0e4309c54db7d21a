import assert from 'node:assert/strict'
import { expireCheckpoints } from '../../domains/governance/checkpoints/expire-checkpoints.ts'
import { client, type Answer, type Client, type Person } from '../person.ts'
import { eventually } from '../process/eventually.ts'
import { killGroup, type ServerProcess } from '../process/server-process.ts'
import type { World } from '../world.ts'
import type { Asker, Op, State } from './checkpoint-model.ts'
import type { Done, Heard, Seen } from './explain.ts'

const NOTES = 3
/** More than half of the hour that a checkpoint lives, and less than two thirds. */
const HALF_LIFE_MS = 31 * 60_000

/** The servers of one instance, as a model run drives them: each at an address, with one database behind all. */
export type Servers = {
  worlds: World[]
  /** Addresses that requests go to; a crash or a restart may change them. */
  urls(): string[]
  /** Ends every connection of the servers, or the servers themselves, in the middle of what they do; settles when they are gone. */
  crash(): Promise<void>
  /** Whole again after a crash. */
  recover(): Promise<void>
  /** One ends as it should, and another takes its place. */
  restart(): Promise<void>
}

/** One person with some notes, and what they can do; the real side of the model. */
export type Desk = {
  initial: State
  /** Does operations at once, those of one pair on one server each; `crashed`: everything is cut in the middle. */
  doAll(ops: readonly Op[], how: { crashed: boolean; first: number }): Promise<Done[]>
  look(): Promise<Seen>
  /** What the record, the events and the spent approvals say: see ensureOnce. */
  effects(): Promise<Effect[]>
}
/** What a server is asked for. */
type Asked = Exclude<Op, { kind: 'expire' } | { kind: 'sweep' } | { kind: 'age' }>
export type Effect = { point: string; status: string; effect: string | null; spent: boolean; inTime: boolean; done: number; sameHash: number; told: number }

export async function openDesk(servers: Servers): Promise<Desk> {
  const [world] = servers.worlds
  assert(world)
  const { owner, clock, seal } = world
  const reviving = await world.anyone.post('/api/atom/revive', {}, { 'x-architect-seal': seal })
  assert.equal(reviving.status, 200)
  const ada: Person = await world.person()
  let { token } = ada
  const notes: string[] = []
  for (let n = 0; n < NOTES; n += 1) notes.push((await ada.post('/api/v2/notes', { title: `note ${n}`, sphere_id: 1 })).body.id)
  const noteOf = (n: number): string => notes[n] ?? assert.fail()
  const at = (point: string, verb = ''): string => `/api/v2/governance/checkpoints/${point}${verb}`

  const ask = (to: Client, asker: Asker, note_id: string): Promise<Answer> => (asker === 'nova'
    ? to.post('/api/v2/nova/query', { message: '', action: { tool: 'notes.delete', args: { note_id } } })
    : to.post('/api/v2/governance/checkpoints', { tool: 'notes.delete', args: { note_id } }))

  /** Who does it does it in the database, or to the clock: nobody has to answer. */
  const DONE: Heard = { says: 'done', id: null }
  async function age(): Promise<Heard> {
    clock.advance(HALF_LIFE_MS)
    const { status, body } = await client(servers.urls()[0] ?? assert.fail()).post('/api/v2/auth/login', { email: ada.user.email, password: ada.password })
    assert.equal(status, 200)
    token = body.access_token
    return DONE
  }
  async function expire(point: string): Promise<Heard> {
    await owner.query(`update checkpoints set expires_at = created_at - interval '1 minute' where id = $1 and status = 'pending'`, [point])
    return DONE
  }
  async function sweep(number: number): Promise<Heard> {
    const { gate } = (servers.worlds[number % servers.worlds.length] ?? assert.fail()).app
    await expireCheckpoints(gate, 'sweep')
    return DONE
  }

  async function answered(op: Op, number: number): Promise<Heard> {
    if (op.kind === 'age') return age()
    if (op.kind === 'expire') return expire(op.point)
    if (op.kind === 'sweep') return sweep(number)
    const urls = servers.urls()
    const url = urls[number % urls.length] ?? assert.fail()
    const to = client(url, token)
    return hear(op, await request(op, to, client(url)))
  }

  function request(op: Asked, to: Client, anyone: Client): Promise<Answer> {
    const sealed = { 'x-architect-seal': seal }
    switch (op.kind) {
      case 'ask': return ask(to, op.asker, noteOf(op.note))
      case 'approve': return to.post(at(op.point, '/approve'), {})
      case 'reject': return to.post(at(op.point, '/reject'), { reason: 'no' })
      case 'cancel': return to.del(at(op.point))
      case 'edit': return to.post(at(op.point, '/edit'), { args: { note_id: noteOf(op.note) } })
      case 'change': return to.patch(`/api/v2/notes/${noteOf(op.note)}`, { body: 'changed' })
      case 'restore': return to.post(`/api/v2/notes/${noteOf(op.note)}/restore`)
      case 'kill': return anyone.post('/api/atom/killswitch', { reason: 'drill' }, sealed)
      case 'revive': return anyone.post('/api/atom/revive', {}, sealed)
    }
  }

  return {
    initial: { notes: notes.map(() => ({ version: 1, binned: false })), points: [], dormant: false },
    async doAll(ops, { crashed, first }) {
      const racing = ops.map(async (op, index): Promise<Done> => {
        const heard = await answered(op, first + index).catch((error: unknown) => { if (crashed) return null; throw error })
        return { op, heard: crashed && heard && ['500', '503', '504'].includes(heard.says) ? null : heard }
      })
      if (crashed) await servers.crash()
      const done = await Promise.all(racing)
      if (crashed) await servers.recover()
      return done
    },
    async look() {
      const { rows } = await owner.query<Seen['points'][number] & { note_id: string }>(`
        select c.id, c.effect_state as effect, c.action::jsonb -> 'actor' ->> 'kind' as asker, c.args ->> 'note_id' as note_id,
          (c.action::jsonb -> 'resources' -> 0 ->> 'version')::int as version,
          case when c.status = 'pending' and c.expires_at <= (case f.state when 'operational' then $2 else f.since end) then 'expired' else c.status end as status
        from checkpoints c, fence f where c.identity_id = $1 order by c.id limit 1000`, [ada.identity.id, clock.now()])
      const held = await owner.query<{ version: number; binned: boolean }>('select version, binned_at is not null as binned from notes where identity_id = $1 order by id limit 100', [ada.identity.id])
      const fence = await owner.query<{ state: string }>('select state from fence')
      return {
        notes: held.rows, dormant: fence.rows[0]?.state !== 'operational',
        points: rows.map(({ note_id, ...row }) => ({ ...row, note: notes.indexOf(note_id) })),
      }
    },
    async effects() {
      const { rows } = await owner.query<Effect>(`
        select c.id as point, c.status, c.effect_state as effect, c.spent_at is not null as spent, coalesce(c.spent_at < c.expires_at, false) as "inTime",
          count(a.seq)::int as done, count(a.seq) filter (where a.body::jsonb ->> 'action_hash' = c.action_hash and a.resource_id = c.args ->> 'note_id')::int as "sameHash",
          (select count(*)::int from events e where e.identity_id = c.identity_id and e.name = 'note.deleted' and e.data ->> 'note_id' = c.args ->> 'note_id') as told
        from checkpoints c left join audit_events a on a.identity_id = c.identity_id and a.action = 'notes.delete' and a.body::jsonb ->> 'outcome' = 'done' and a.body::jsonb ->> 'checkpoint_id' = c.id::text
        where c.identity_id = $1 group by c.id order by c.id limit 1000`, [ada.identity.id])
      return rows
    },
  }
}

const CODED = new Set([409, 410])

function hear(op: Op, { status, body }: Answer): Heard {
  const anew = body.asks_anew === true
  const says = CODED.has(status) ? `${status} ${body.code}${anew ? ' anew' : ''}` : String(status)
  const named = op.kind === 'ask' && op.asker === 'person' ? body : body.checkpoint
  return { says, id: status === 423 || status === 201 || anew ? named.id : null }
}

/** Two servers in this process over one database; a crash ends all their connections at once. */
export async function twoServers(one: World): Promise<Servers & { close(): Promise<void> }> {
  const worlds = [one, await one.another()]
  const mine = `datname = current_database() and usename <> current_user`
  return {
    worlds,
    urls: () => worlds.map(({ url }) => url),
    async crash() {
      const { rows } = await one.owner.query<{ pid: number }>(`select pid, pg_terminate_backend(pid) from pg_stat_activity where ${mine}`)
      await eventually('they are gone', async () => (await one.owner.query('select 1 from pg_stat_activity where pid = any($1)', [rows.map(({ pid }) => pid)])).rows.length === 0)
    },
    async recover() {
      for (const { anyone } of worlds) await eventually('it is ready again', async () => (await anyone.get('/ready')).status === 200)
    },
    async restart() {
      await worlds.pop()?.close()
      worlds.push(await one.another())
    },
    close: async () => { await worlds.pop()?.close() },
  }
}

/** A server in this process and one in its own, which dies by kill -9. */
export function besideProcess(world: World, start: () => Promise<ServerProcess>, first: ServerProcess): Servers {
  let server = first
  const replace = async (): Promise<void> => { server = await start() }
  return {
    worlds: [world],
    urls: () => [server.url, world.url],
    crash: () => killGroup(server),
    recover: replace,
    async restart() {
      server.signal('SIGTERM')
      await server.ended
      await replace()
    },
  }
}
