import { sql } from 'kysely'
import type { Queries } from '../../platform/db/store.ts'

export const lockSafeguard = (db: Queries) => db.selectFrom('safeguard').selectAll().where('id', '=', 1).forUpdate()

export const readSafeguard = (db: Queries) => db.selectFrom('safeguard').selectAll().where('id', '=', 1)

type Changed = { state: string; score: number; by: string; reason: string | null; at: Date }

/** The state as it is from now on; `since` moves only when it changes. */
export const updateSafeguard = (db: Queries, s: Changed) => db.updateTable('safeguard').set({
  state: s.state, score: s.score, checked_at: s.at, changed_by: sql<string>`case when state = ${s.state} then changed_by else ${s.by} end`,
  reason: sql<string | null>`case when state = ${s.state} then reason else ${s.reason} end`, since: sql<Date>`case when state = ${s.state} then since else ${s.at} end`,
}).where('id', '=', 1)

/** By hand: nominal, and what was seen before counts no more. */
export const resetSafeguard = (db: Queries, s: { by: string; reason: string | null; at: Date }) =>
  db.updateTable('safeguard').set({ state: 'nominal', score: 1, since: s.at, checked_at: s.at, counted_from: s.at, changed_by: s.by, reason: s.reason }).where('id', '=', 1)

type NewSighting = { id: string; kind: string; source: string; identityId: string | null; amount: number; at: Date }

export const insertSighting = (db: Queries, s: NewSighting) => db.insertInto('safeguard_sightings').values({ id: s.id, kind: s.kind, source: s.source, identity_id: s.identityId, amount: s.amount, at: s.at })

/** How much of a kind was seen of a source since a time. */
export const sumSightings = (db: Queries, w: { kind: string; source: string; since: Date }) =>
  db.selectFrom('safeguard_sightings').select((eb) => eb.fn.coalesce(eb.fn.sum<string>('amount'), sql<string>`0`).as('amount')).where('kind', '=', w.kind).where('source', '=', w.source).where('at', '>', w.since)

export const countAnswersOf = (db: Queries, w: { kind: string; source: string; since: Date }) =>
  db.selectFrom('safeguard_answers').select((eb) => eb.fn.countAll<string>().as('count')).where('kind', '=', w.kind).where('source', '=', w.source).where('at', '>', w.since)

/** How many others were answered for that kind of violation since a time. */
export const countSources = (db: Queries, w: { kind: string; except: string; since: Date }) =>
  db.selectFrom('safeguard_answers').select((eb) => eb.fn.count<string>('source').distinct().as('count')).where('kind', '=', w.kind).where('source', '<>', w.except).where('at', '>', w.since)

/** How many were answered for violations of each severity since a time. Each counts once, however often it goes on, so that nobody alone moves the whole. */
export const countBySeverity = (db: Queries, since: Date) =>
  db.selectFrom('safeguard_answers').select((eb) => ['severity', eb.fn.count<string>('source').distinct().as('count')]).where('at', '>', since).groupBy('severity')

type NewAnswer = { id: string; kind: string; severity: string; answer: string; source: string; identityId: string | null; actorKind: string | null; actorId: string | null; at: Date; given: boolean }

export const insertAnswer = (db: Queries, a: NewAnswer) => db.insertInto('safeguard_answers').values({
  id: a.id, kind: a.kind, severity: a.severity, answer: a.answer, source: a.source, identity_id: a.identityId, actor_kind: a.actorKind, actor_id: a.actorId, at: a.at, given_at: a.given ? a.at : null,
})

/** The next answer to give; one that another node is giving is passed over. */
export const claimAnswer = (db: Queries) => db.selectFrom('safeguard_answers').selectAll().where('given_at', 'is', null).orderBy('id').limit(1).forUpdate().skipLocked()

export const markGiven = (db: Queries, id: string, g: { at: Date; pauseId: string | null; until: Date | null }) =>
  db.updateTable('safeguard_answers').set({ given_at: g.at, pause_id: g.pauseId, until: g.until }).where('id', '=', id)

export const claimOver = (db: Queries, now: Date) =>
  db.selectFrom('safeguard_answers').select(['id', 'pause_id']).where('lifted_at', 'is', null).where('until', '<=', now).orderBy('until').limit(1).forUpdate().skipLocked()

/** Whether a later answer that is not over stands on the same pause. */
export const findLongerBlock = (db: Queries, pauseId: string, now: Date) =>
  db.selectFrom('safeguard_answers').select('id').where('pause_id', '=', pauseId).where('lifted_at', 'is', null).where('until', '>', now).limit(1)

export const markLifted = (db: Queries, id: string, at: Date) => db.updateTable('safeguard_answers').set({ lifted_at: at }).where('id', '=', id)

export const claimUntold = (db: Queries) => db.selectFrom('safeguard_answers').selectAll().where('told_at', 'is', null).where('attempts', '<', 20).orderBy('id').limit(1).forUpdate().skipLocked()

export const markTold = (db: Queries, id: string, at: Date | null) => db.updateTable('safeguard_answers').set((eb) => ({ told_at: at, attempts: eb('attempts', '+', 1) })).where('id', '=', id)

export const listAnswers = (db: Queries, q: { before?: string | undefined; limit: number }) =>
  db.selectFrom('safeguard_answers').selectAll().$if(q.before !== undefined, (b) => b.where('id', '<', q.before ?? '')).orderBy('id', 'desc').limit(q.limit + 1)

export const countAnswers = (db: Queries, since: Date) => db.selectFrom('safeguard_answers').select((eb) => eb.fn.countAll<string>().as('count')).where('at', '>', since)

/** Forgets up to `limit` sightings older than a time. */
export const deleteOldSightings = (db: Queries, before: Date, limit: number) => db.deleteFrom('safeguard_sightings')
  .where('id', 'in', (eb) => eb.selectFrom('safeguard_sightings').select('id').where('at', '<', before).orderBy('at').limit(limit).forUpdate().skipLocked()).returning('id')

/** Forgets up to `limit` answers older than a time, when nothing about them is left to do. */
export const deleteOldAnswers = (db: Queries, before: Date, limit: number) => db.deleteFrom('safeguard_answers')
  .where('id', 'in', (eb) => eb.selectFrom('safeguard_answers').select('id').where('at', '<', before)
    .where('given_at', 'is not', null).where(({ eb: is, or }) => or([is('until', 'is', null), is('lifted_at', 'is not', null)]))
    .where(({ eb: is, or }) => or([is('told_at', 'is not', null), is('attempts', '>=', 20)])).orderBy('at').limit(limit).forUpdate().skipLocked()).returning('id')

export type AnswerRow = Awaited<ReturnType<ReturnType<typeof claimAnswer>['executeTakeFirstOrThrow']>>
