import { NO_PROOF, type CallerCtx, type EffectTx } from '../../../platform/ctx.ts'
import type { IdentityId, SessionId, UserId } from '../../../platform/ids.ts'
import type { Role } from '../../policies/requirement.ts'
import { record } from '../../audit/record.ts'
import { enterScope, findStanding, findVisible, insertSeats } from '../deciders/queries.ts'
import { roleAbove } from '../deciders/seats.ts'
import { hearersOf, listAll, tell } from '../deciders/tell.ts'
import { IdentityBoundary } from '../errors.ts'
import { CheckpointEscalated, CheckpointExpiring } from '../events.ts'
import type { Gate } from '../gate.ts'
import { ensureLive, toEffectTx } from '../perform.ts'
import { escalateDue, findOwners, markEscalated, readGuard, shareFence, warnDue, type CheckpointRow } from '../queries.ts'
import { shareFence as isRunning } from '../fence/share-fence.ts'
import { ensureOpen } from './claim.ts'
import { NotFound } from '../../../platform/problems.ts'

const BATCH = 100
const HOUR_MS = 3_600_000

/**
 * Tells the deciders again, at the wish of who asked or of a decider; who may decide by the next role is seated too. Within an
 * hour of an escalation, whosever, it changes and tells nothing: what was just told loudly is not told louder by repeating it.
 */
export async function escalate(gate: Gate, { caller, requestId }: CallerCtx, id: string): Promise<CheckpointRow> {
  return gate.platform.store.within(caller, async (plain) => {
    const at = gate.platform.clock.now()
    const [, guards, [row], [standing]] = await Promise.all([
      plain.send(shareFence(caller.identityId)), plain.send(readGuard(caller, at)), plain.send(findVisible(plain.db, id)), plain.send(findStanding(id, caller.userId, at).compile(plain.db)),
    ])
    ensureLive(guards[0])
    if (!row || (row.identity_id !== caller.identityId && !standing?.seat)) {
      const [owner] = await plain.send(findOwners(['checkpoint'], [id]).compile(plain.db))
      throw owner ? IdentityBoundary({ resource: { type: 'checkpoint', id } }) : NotFound()
    }
    ensureOpen(row, at)
    const theirs = { ...caller, identityId: row.identity_id as IdentityId, userId: row.user_id as UserId }
    await plain.send(enterScope(theirs).compile(plain.db))
    const [marked] = await plain.send(markEscalated(plain.db, { id, at, since: new Date(at.getTime() - HOUR_MS) }))
    if (!marked) return findVisible(plain.db, id).executeTakeFirstOrThrow()
    const tx = toEffectTx(gate, { caller: theirs, via: 'rest', sphereId: null, requestId }, plain, id)
    await rouse(gate, tx, marked)
    return marked
  })
}

/** Escalates what has waited for half its life, at most 100 a call; how many. Nothing while the system is stopped. */
export const escalateDueOnes = (gate: Gate, requestId: string): Promise<number> => eachDue(gate, requestId, { due: escalateDue, react: rouse })

/** Warns of what has used up three quarters of its life, once. */
export const warnDueOnes = (gate: Gate, requestId: string): Promise<number> => eachDue(gate, requestId, { due: warnDue, react: async (_gate, tx, row) => { tell(tx, CheckpointExpiring, row, await hearersOf(tx, row)) } })

type Round = { due: typeof warnDue; react: (gate: Gate, tx: EffectTx, row: CheckpointRow) => Promise<void> }

/** Runs on any node: rows that another one works on are passed over. The clock of approvals stands still while the system is stopped. */
function eachDue(gate: Gate, requestId: string, { due, react }: Round): Promise<number> {
  return gate.platform.store.within({ service: 'ageing' }, async (plain) => {
    if (!await isRunning(plain)) return 0
    const rows: CheckpointRow[] = await plain.send(due(plain.db, gate.platform.clock.now(), BATCH))
    for (const row of rows) await react(gate, ageingTx(gate, plain, row, requestId), row)
    return rows.length
  })
}

/** A commit of the clock's own about one checkpoint. */
export function ageingTx(gate: Gate, plain: Parameters<typeof toEffectTx>[2], row: CheckpointRow, requestId: string): EffectTx {
  const caller = { identityId: row.identity_id as IdentityId, userId: row.user_id as UserId, sessionId: '' as SessionId, actor: { kind: 'system', id: 'ageing' } as const, proof: NO_PROOF }
  return toEffectTx(gate, { caller, via: 'rest', sphereId: null, requestId }, plain, row.id)
}

async function rouse(gate: Gate, tx: EffectTx, row: CheckpointRow): Promise<void> {
  const role = row.seated ? roleAbove(row.decider_role) : null
  const above = role === null ? [] : await peopleAbove(gate, tx, row, role)
  if (above.length > 0) await tx.send(insertSeats(tx.db, { checkpointId: row.id, identityId: row.identity_id, userIds: above }))
  tell(tx, CheckpointEscalated, row, [...new Set([...await hearersOf(tx, row), ...await listAll(tx, row, above)])])
  record(tx, { ...tx, via: tx.actor.kind === 'system' ? 'system' : tx.via }, { action: 'checkpoint.escalated', outcome: 'done', effect: row.effect, checkpointId: row.id, actionHash: row.action_hash, resource: { type: 'checkpoint', id: row.id }, details: { role } })
}

async function peopleAbove(gate: Gate, tx: EffectTx, row: CheckpointRow, role: Role): Promise<UserId[]> {
  const found = await gate.deciders(tx, { identityId: row.identity_id as IdentityId, role })
  return row.exclude_requester ? found.filter((userId) => userId !== row.user_id) : found
}
