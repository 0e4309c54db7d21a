import type { z } from 'zod'
import type { ReadCtx } from '../../../platform/ctx.ts'
import type { Bilingual } from '../../../platform/text.ts'
import { ageingOf, type Ageing } from '../checkpoints/ageing.ts'
import type { Signal } from './contract.ts'
import { listPausesInForce, listViolations, listWaiting, type SignalRow } from './queries.ts'

const SIGNALS_MAX = 100
const DAY_MS = 24 * 3_600_000

type View = z.input<typeof Signal>

/** What a person should look at now, the most pressing first, at most 100. Of one thread: what its runs wait for. */
export async function readSignals(ctx: ReadCtx, threadId: string | null): Promise<View[]> {
  const at = ctx.now()
  const waiting = ctx.tx.send(listWaiting(ctx.db, ctx.identityId, { threadId, at, limit: SIGNALS_MAX }))
  if (threadId !== null) return (await waiting).map((row) => ofWaiting(row, ctx))
  const [rows, violations, pauses] = await Promise.all([
    waiting,
    ctx.tx.send(listViolations(ctx.db, ctx.identityId, { since: new Date(at.getTime() - DAY_MS), limit: SIGNALS_MAX })),
    ctx.tx.send(listPausesInForce(ctx.db, ctx.identityId, { at, limit: SIGNALS_MAX })),
  ])
  const paused = pauses.map((row): View => ({
    kind: row.reason === 'flood' ? 'flood' : 'blocked', at: row.since.toISOString(), checkpoint_id: null, pause_id: row.id,
    summary: { en: `Paused: ${row.actor_kind} ${row.actor_id}`, fr: `En pause : ${row.actor_kind} ${row.actor_id}` }[ctx.language],
  }))
  return [...paused, ...rows.map((row) => ofWaiting(row, ctx)), ...violations.map((row) => ofRow(row, 'identity_boundary', ctx))].slice(0, SIGNALS_MAX)
}

const KINDS: Record<Ageing, View['kind']> = { green: 'waiting', yellow: 'waiting', red: 'waiting_long', blinking: 'expiring' }

const ofWaiting = (row: SignalRow, ctx: ReadCtx): View =>
  ofRow(row, row.cannot_be_met ? 'cannot_be_met' : KINDS[ageingOf({ createdAt: row.created_at, expiresAt: row.expires_at, now: ctx.now() })], ctx)

const ofRow = (row: SignalRow, kind: View['kind'], { language }: ReadCtx): View =>
  ({ kind, at: row.created_at.toISOString(), checkpoint_id: row.id, pause_id: null, summary: (row.summary as Bilingual)[language] })
