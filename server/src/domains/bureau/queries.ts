import { sql, type RawBuilder } from 'kysely'
import type { Queries } from '../../platform/db/store.ts'
import type { Content, Kind, Tally } from './section-content.ts'

export type KeptRow = { kind: Kind; id: string; title: string; status: string | null; created_at: Date; updated_at: Date }

const TABLES = { note: 'notes', task: 'tasks', thread: 'threads' } as const
const STATUS = { note: 'null::text', task: 'status', thread: 'status' } as const
const ONGOING = { note: 'true', task: `status = 'open'`, thread: `status = 'active'` } as const

/** How many notes, tasks and threads lie in a sphere, apart by whether one can go on with them. */
export const tallyKept = (identityId: string, sphereId: number): RawBuilder<Tally> => {
  const of = (kind: Kind) => sql`select ${sql.lit(kind)} as kind, ${sql.raw(ONGOING[kind])} as ongoing, count(*) as count from ${sql.table(TABLES[kind])}
    where identity_id = ${identityId} and sphere_id = ${sphereId} and binned_at is null group by 2`
  return sql<Tally>`${of('note')} union all ${of('task')} union all ${of('thread')}`
}

export type After = { id: string; editedAt: string }
type Asked = Content & { after?: After | undefined; limit: number }

/** The rows of a section, newest or last edited first, one more than `limit`. Each kind is cut before they are merged. */
export const listKept = (identityId: string, sphereId: number, { kinds, ongoing, by, after, limit }: Asked): RawBuilder<KeptRow> => {
  const order = by === 'edited' ? sql`updated_at desc, id desc` : sql`id desc`
  const beyond = by === 'edited' ? sql`(updated_at, id) < (${after?.editedAt}::timestamptz, ${after?.id}::uuid)` : sql`id < ${after?.id}::uuid`
  const of = (kind: Kind) => sql`(select ${sql.lit(kind)} as kind, id, title, ${sql.raw(STATUS[kind])} as status, created_at, updated_at from ${sql.table(TABLES[kind])}
    where identity_id = ${identityId} and sphere_id = ${sphereId} and binned_at is null ${ongoing ? sql`and ${sql.raw(ONGOING[kind])}` : sql``} ${after ? sql`and ${beyond}` : sql``}
    order by ${order} limit ${limit + 1})`
  return sql<KeptRow>`select * from (${sql.join(kinds.map(of), sql` union all `)}) kept order by ${order} limit ${limit + 1}`
}

/** The agents of a sphere with their state in AT·OM, in the order of the catalogue, one more than `limit`. */
export const listCrew = (db: Queries, sphereId: number, { after, limit }: { after?: string | undefined; limit: number }) =>
  db.selectFrom('agents').innerJoin('atom_agents', 'atom_agents.agent_code', 'agents.code').select(['agents.code', 'agents.name', 'agents.position', 'atom_agents.status'])
    .where('agents.sphere_id', '=', sphereId).where('agents.position', '>', Number(after ?? 0)).orderBy('agents.position').limit(limit + 1)

export type CrewRow = Awaited<ReturnType<ReturnType<typeof listCrew>['executeTakeFirstOrThrow']>>
