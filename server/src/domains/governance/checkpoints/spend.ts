import type { Actor, Via } from '../../../platform/ctx.ts'
import type { Tx } from '../../../platform/db/store.ts'
import { Problem } from '../../../platform/errors.ts'
import { record } from '../../audit/record.ts'
import { hashAction } from '../action-hash.ts'
import { decide } from '../../policies/decide.ts'
import type { Decision } from './decide-checkpoint.ts'
import { PolicyDenied, Stale, UnknownTool } from '../errors.ts'
import type { Gate } from '../gate.ts'
import { checkBoundary, parseArgs, toEffectTx } from '../perform.ts'
import { lockAndFind } from '../lock-and-find.ts'
import { ensureNotStopped } from '../fence/ensure-not-stopped.ts'
import { readStops } from '../fence/queries.ts'
import type { CheckpointRow } from '../queries.ts'
import { permissionOf, whatChanged } from '../what-changed.ts'

/** The approved effect refused (its row is gone, its receiver unknown): the decision stands, the run failed. */
export class EffectFailed extends Error {
  readonly problem: Problem
  constructor(problem: Problem) {
    super(problem.code)
    this.problem = problem
  }
}

/**
 * Does exactly what was approved, in the transaction that claimed the checkpoint. Everything is checked again: schema,
 * boundary, policy, and the hash over the arguments and the rows' versions as they are now.
 */
export async function spend(gate: Gate, { caller, requestId }: Decision, checkpoint: CheckpointRow, plain: Tx): Promise<{ output: unknown; auditEventId: string; executionMs: number }> {
  const action = gate.actions.get(checkpoint.tool ?? '')
  if (!action) throw UnknownTool({ tool: checkpoint.tool ?? '' })
  const { actor, sphere_id: sphereId } = JSON.parse(checkpoint.action) as { actor: Actor; sphere_id: number | null }
  const acting = { ...caller, actor }
  const args = parseArgs({ action, given: checkpoint.args })
  const touches = action.touches?.(args as never) ?? []
  const [owners, [stops]] = await Promise.all([lockAndFind(plain, touches), plain.send(readStops(caller.identityId, actor))])
  // What is paused or dispersed stays so after an approval: the checkpoint waits on. A hold lets what was asked before end.
  if (stops) ensureNotStopped(stops, { actor, begun: true, spheres: [sphereId, ...owners.map(({ sphere_id }) => sphere_id)] })
  if (owners.length < touches.length) throw Stale()
  const resources = checkBoundary({ action, caller: acting }, args, owners)
  const bound = hashAction({ tool: action.name, toolVersion: action.version, args, actor, identityId: caller.identityId, sphereId, resources })
  if (bound.hash !== checkpoint.action_hash) throw Stale()
  const ruled = decide({ actor: actor.kind, via: checkpoint.via as Via, effect: action.effect, leavesSphere: false })
  if (ruled.verdict === 'deny') throw PolicyDenied({ policies: ruled.policies })
  const tx = toEffectTx(gate, { caller: acting, via: checkpoint.via as Via, sphereId, requestId }, plain, checkpoint.id)
  await action.check?.(tx, args as never)
  const started = performance.now()
  const output: unknown = action.output.parse(await runOrFail(() => action.run(tx, args as never)))
  const auditEventId = record(tx, tx, {
    action: action.name, outcome: 'done', effect: action.effect, decision: { verdict: 'approved', policies: ruled.policies }, actionHash: bound.hash,
    permission: permissionOf(ruled.policies, checkpoint.id), ...whatChanged({ effect: action.effect, touches, owners, output }),
    checkpointId: checkpoint.id, runId: checkpoint.run_id, resource: action.about?.(output as never) ?? touches[0],
  })
  return { output, auditEventId, executionMs: Math.round((performance.now() - started) * 100) / 100 }
}

async function runOrFail<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work()
  } catch (error) {
    throw error instanceof Problem ? new EffectFailed(error) : error
  }
}
