import type { Actor, Via } from '../../../platform/ctx.ts'
import type { Tx } from '../../../platform/db/store.ts'
import { Problem } from '../../../platform/errors.ts'
import { record } from '../../audit/record.ts'
import { chargeNow } from '../../budgets/charge.ts'
import { askAllowance } from '../allowance/allowance.ts'
import { hashAction } from '../action-hash.ts'
import { authorizeSpending } from '../policy/authorize-spending.ts'
import { findUntrustedOf } from '../../policies/decisions/find-untrusted-of.ts'
import { versionsFor } from '../../policies/versions-for.ts'
import type { Decision } from './decide-checkpoint.ts'
import { Stale, UnknownTool } from '../errors.ts'
import type { Gate } from '../gate.ts'
import { checkBoundary, parseArgs, toEffectTx } from '../perform.ts'
import { lockAndFind } from '../lock-and-find.ts'
import { approvalOf } from '../deciders/approval-of.ts'
import { isIntended } from '../effects/intend-effect.ts'
import { completedOutcome } from '../effects/kept-outcome.ts'
import { keepWith } from '../effects/keep-with.ts'
import { ensureNotStopped } from '../fence/ensure-not-stopped.ts'
import { readStops } from '../fence/queries.ts'
import type { CheckpointRow } from '../queries.ts'
import { permissionOf, whatChanged } from '../what-changed.ts'
import { ensureIntact } from './ensure-intact.ts'

/** The approved effect refused (its row is gone, its receiver unknown): the decision stands, the run failed. */
export class EffectFailed extends Error {
  readonly problem: Problem
  constructor(problem: Problem) {
    super(problem.code)
    this.problem = problem
  }
}

type Spent = { output: unknown; auditEventId: string; executionMs: number; checkpoint: CheckpointRow }

/**
 * Does exactly what was approved, in the transaction that claimed the checkpoint. Everything is checked again: schema,
 * boundary, policy, and the hash over the arguments and the rows' versions as they are now. An effect that only stays in the
 * database is confirmed by this commit; one that leaves is intended, and its worker moves it on.
 */
export async function spend(gate: Gate, { caller, requestId }: Decision, checkpoint: CheckpointRow, plain: Tx): Promise<Spent> {
  const action = gate.actions.get(checkpoint.tool ?? '')
  if (!action) throw UnknownTool({ tool: checkpoint.tool ?? '' })
  ensureIntact(checkpoint)
  const { actor, sphere_id: sphereId } = JSON.parse(checkpoint.action) as { actor: Actor; sphere_id: number | null }
  const acting = { ...caller, actor }
  const args = parseArgs({ action, given: checkpoint.args })
  const touches = action.touches?.(args as never) ?? []
  const tx = toEffectTx(gate, { caller: acting, via: checkpoint.via as Via, sphereId, requestId }, plain, checkpoint.id)
  // All that is looked at again, in one round trip.
  const [versions, owners, [stops], allowance, untrusted] = await Promise.all([
    versionsFor(plain, caller.identityId), lockAndFind(plain, touches), plain.send(readStops(caller.identityId, actor)),
    askAllowance(tx, { caller: { ...acting, key: undefined }, runId: checkpoint.run_id }), findUntrustedOf(plain, caller.identityId, checkpoint.id),
  ])
  // What is paused or dispersed stays so after an approval: the checkpoint waits on. A hold lets what was asked before end.
  if (stops) ensureNotStopped(stops, { actor, begun: true, spheres: [sphereId, ...owners.map(({ sphere_id }) => sphere_id)] })
  if (owners.length < touches.length) throw Stale({ because: 'changed' })
  const resources = checkBoundary({ action, caller: acting }, args, owners)
  const bound = hashAction({ tool: action.name, toolVersion: action.version, args, actor, identityId: caller.identityId, sphereId, resources })
  if (bound.hash !== checkpoint.action_hash) throw Stale({ because: 'changed' })
  allowance?.ensure({ action, sphereId }, args, owners)
  const ruled = await authorizeSpending(gate, { action, caller: acting, via: checkpoint.via as Via, sphereId, runId: checkpoint.run_id, untrusted, budgetLeft: allowance?.budgetLeft ?? null }, { tx, args, owners, versions, approval: approvalOf(checkpoint) })
  ruled.note(checkpoint.id)
  // Sent with what the effect sends first: a budget that does not suffice fails the transaction, and that is what is told.
  const charged = allowance ? chargeNow(tx, { keyId: allowance.keyId, credits: action.credits ?? 1 }) : Promise.resolve()
  charged.catch(() => {})
  await chargeFirst(charged, async () => action.check?.(tx, args as never))
  const started = performance.now()
  const output: unknown = action.output.parse(await chargeFirst(charged, () => runOrFail(() => action.run(tx, args as never))))
  await charged
  const auditEventId = record(tx, tx, {
    action: action.name, outcome: 'done', effect: action.effect, decision: { verdict: 'approved', policies: ruled.decision.policies }, actionHash: bound.hash,
    permission: permissionOf(ruled.decision.policies, checkpoint.id), ...whatChanged({ effect: action.effect, touches, owners, output }),
    checkpointId: checkpoint.id, runId: checkpoint.run_id, resource: action.about?.(output as never) ?? touches[0],
  })
  const state = isIntended(tx) ? 'intended' : 'confirmed'
  return { output, auditEventId, checkpoint: keepWith(tx, checkpoint, { state, outcome: completedOutcome(action, output) }), executionMs: Math.round((performance.now() - started) * 100) / 100 }
}

/** What fails because the charge failed before it is told as that. */
async function chargeFirst<T>(charged: Promise<void>, work: () => Promise<T>): Promise<T> {
  try {
    return await work()
  } catch (error) {
    await charged
    throw error
  }
}

async function runOrFail<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work()
  } catch (error) {
    throw error instanceof Problem ? new EffectFailed(error) : error
  }
}
