import { z } from 'zod'
import { pageInput } from '../../../platform/http/page.ts'
import { defineAction } from '../../../platform/action.ts'
import { Conflict } from '../../../platform/problems.ts'
import { ActorPaused } from './errors.ts'
import { liftPause as lift, type PauseRow } from './queries.ts'

export const PauseKey = z.strictObject({ actor_pause_id: z.uuid() })
export const ListPauses = z.strictObject({ ...pageInput })
export const Pause = z.object({
  id: z.uuid(), actor: z.object({ kind: z.string(), id: z.string() }), reason: z.enum(['flood', 'blocked']),
  since: z.iso.datetime(), ends_at: z.iso.datetime().nullable(), lifted_at: z.iso.datetime().nullable(), version: z.int(),
})

export const presentPause = (row: PauseRow): z.input<typeof Pause> => ({
  id: row.id, actor: { kind: row.actor_kind, id: row.actor_id }, reason: row.reason as 'flood',
  since: row.since.toISOString(), ends_at: row.ends_at?.toISOString() ?? null, lifted_at: row.lifted_at?.toISOString() ?? null, version: row.version,
})

/** Lets a paused agent act again. Only the person: what works for them does not free itself. */
export const liftPause = defineAction({
  name: 'floods.lift', effect: 'UPDATE', reversible: false, input: PauseKey, output: Pause, words: { en: ['pause'], fr: ['pause'] },
  title: { en: 'Let a paused agent act again', fr: 'Laisser agir de nouveau un agent en pause' },
  summary: ({ actor_pause_id }) => ({ en: `Lift pause ${actor_pause_id}`, fr: `Lever la pause ${actor_pause_id}` }),
  touches: ({ actor_pause_id }) => [{ type: 'actor_pause', id: actor_pause_id }],
  about: ({ id }) => ({ type: 'actor_pause', id }),
  async check(tx) { if (tx.actor.kind !== 'person') throw ActorPaused() },
  async run(tx, { actor_pause_id }) {
    const [row] = await tx.send(lift(tx.db, tx.identityId, actor_pause_id, tx.now()))
    if (!row) throw Conflict({ en: 'That pause was lifted already.', fr: 'Cette pause a déjà été levée.' })
    return presentPause(row)
  },
})
