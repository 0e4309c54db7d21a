import type { CallerCtx } from '../../../platform/ctx.ts'
import { Conflict } from '../../../platform/problems.ts'
import { record } from '../../audit/record.ts'
import { ensurePerson } from '../deciders/ensure-person.ts'
import { ensureOwn } from '../ensure-own.ts'
import type { CheckpointRow } from '../queries.ts'
import { resolveExpired } from './queries.ts'

/** Takes an expired checkpoint off the backlog: a person has seen it, and it stays expired. */
export async function resolveBacklog(ctx: CallerCtx, id: string, note: string | null): Promise<CheckpointRow> {
  ensurePerson(ctx.caller)
  const { caller, platform, requestId, now } = ctx
  return platform.store.within(caller, async (tx) => {
    await ensureOwn(tx, caller.identityId, [{ type: 'checkpoint', id }])
    const [row] = await tx.send(resolveExpired(tx.db, caller.identityId, id, { at: now(), note }))
    if (!row) throw Conflict({ en: 'That checkpoint is not expired, or was seen to already.', fr: 'Ce point de contrôle n’a pas expiré, ou a déjà été traité.' })
    record(tx, { ...caller, via: 'rest', requestId, now }, { action: 'checkpoint.resolved', outcome: 'done', effect: row.effect, checkpointId: id, actionHash: row.action_hash, resource: { type: 'checkpoint', id } })
    return row
  })
}
