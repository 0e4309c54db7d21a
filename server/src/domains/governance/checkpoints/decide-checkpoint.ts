import type { Caller, Via } from '../../../platform/ctx.ts'
import { isProblem, type Problem } from '../../../platform/errors.ts'
import { emit } from '../../../platform/events/emit.ts'
import type { Language } from '../../../platform/text.ts'
import { record } from '../../audit/record.ts'
import { asBudgetExceeded } from '../../budgets/over-budget.ts'
import { Stale } from '../errors.ts'
import { CheckpointApproved, CheckpointCancelled, CheckpointRejected } from '../events.ts'
import type { Decided, Gate } from '../gate.ts'
import { failedOutcome } from '../effects/kept-outcome.ts'
import { keepWith } from '../effects/keep-with.ts'
import { ensureLive, toEffectTx } from '../perform.ts'
import { claimCheckpoint, lockRowsOf, readGuard, shareFence, type CheckpointRow } from '../queries.ts'
import { recordRefusal } from '../refusals.ts'
import { askAnew } from './ask-anew.ts'
import { ensureSeen } from './ensure-intact.ts'
import { presentCheckpoint } from './present.ts'
import { refuseToDecide } from './refuse-to-decide.ts'
import { EffectFailed, spend } from './spend.ts'
import { ensureSteppedUp } from './step-up.ts'

export type Decision = { caller: Caller; requestId: string; language: Language; id: string; note: string | null; /** Hash of what the person read, when they say it. */ shownHash?: string | null; /** The version that they mean (If-Match). */ etag?: string | null }
export type Settled = { checkpoint: CheckpointRow; run: unknown; decided: Decided | null }
type Verdict = 'approved' | 'rejected' | 'cancelled'

/**
 * Approves a checkpoint and spends the approval: the decision, the effect and its record are one commit, so the effect
 * happens exactly once however often and wherever it is pressed. An effect that refuses leaves the decision and a failed run.
 */
export const approve = (gate: Gate, given: Decision): Promise<Settled> => settle(gate, given, 'approved')

/** Refuses for good; a new attempt needs a new checkpoint. */
export const reject = (gate: Gate, given: Decision): Promise<Settled> => settle(gate, given, 'rejected')

/** Takes the request back. */
export const cancel = (gate: Gate, given: Decision): Promise<Settled> => settle(gate, given, 'cancelled')

async function settle(gate: Gate, given: Decision, verdict: Verdict): Promise<Settled> {
  let settled: { decided: Decided; carried: unknown }
  try {
    settled = await commitDecision(gate, given, verdict)
  } catch (thrown) {
    const error = asBudgetExceeded(thrown, gate.platform.clock.now())
    await recordRefusal(gate.platform, { ...given, via: 'rest', runId: null }, error)
    if (error instanceof EffectFailed) settled = await commitDecision(gate, given, verdict, error.problem)
    else if (isProblem(error, Stale) && (error.facts as { because: string }).because !== 'shown') return await retire(gate, given, error)
    else throw error
  }
  const { decided, carried } = settled
  const run = await gate.continuations.get(decided.checkpoint.via as Via)?.resume(carried, decided, given) ?? null
  return { checkpoint: decided.checkpoint, run, decided }
}

/**
 * What changed since can no longer be approved: the checkpoint ends, and the same action is asked anew as things are now, in
 * one commit. Where it cannot even be asked (its row is gone, or the checkpoint was tampered with) it only ends.
 */
async function retire(gate: Gate, given: Decision, problem: Problem): Promise<never> {
  const fresh = (problem.facts as { because: string }).because === 'changed' ? await askAnew(gate, given) : undefined
  if (fresh) throw Stale({ because: 'changed', checkpoint: presentCheckpoint(fresh, given.language, gate.platform.clock.now()) })
  await commitDecision(gate, { ...given, note: 'stale' }, 'cancelled', undefined, 'stale')
  throw problem
}

async function commitDecision(gate: Gate, given: Decision, verdict: Verdict, failed?: Problem, because?: 'stale'): Promise<{ decided: Decided; carried: unknown }> {
  const { caller, id } = given
  return gate.platform.store.within(caller, async (plain) => {
    const now = gate.platform.clock.now()
    const [, guards, , claimed] = await Promise.all([
      plain.send(shareFence(caller.identityId)),
      plain.send(readGuard(caller, now)),
      plain.send(lockRowsOf(caller.identityId, id)),
      plain.send(claimCheckpoint(plain.db, caller.identityId, id, { status: verdict, by: caller.userId, note: given.note, at: now, ...(because ? { because } : {}) })),
    ])
    ensureLive(guards[0])
    const checkpoint = claimed[0] ?? await refuseToDecide(plain, given, now)
    if (because === undefined) ensureSeen(checkpoint, given)
    if (verdict === 'approved') ensureSteppedUp(caller, checkpoint.effect, now)
    const tx = toEffectTx(gate, { ...given, via: 'rest', sphereId: null }, plain, checkpoint.id)
    announce(tx, checkpoint, verdict)
    const continuation = gate.continuations.get(checkpoint.via as Via)
    const loading = continuation?.load(plain, checkpoint)
    loading?.catch(() => {}) // Waited for below; never unhandled while the effect runs.
    const effect = verdict === 'approved' && !failed ? await spend(gate, given, checkpoint, plain) : {}
    const error = failed && { code: failed.code, detail: failed.detail() }
    const decided: Decided = { checkpoint: error ? keepWith(tx, checkpoint, { state: 'failed', outcome: failedOutcome(error) }) : checkpoint, verdict, ...effect, ...(error ? { error } : {}) }
    if (failed) record(tx, tx, { action: checkpoint.tool ?? 'action', outcome: 'failed', effect: checkpoint.effect, actionHash: checkpoint.action_hash, checkpointId: checkpoint.id, runId: checkpoint.run_id, details: { code: failed.code } })
    return { decided, carried: continuation?.close(tx, decided, await loading) }
  })
}

const TOLD = { approved: CheckpointApproved, rejected: CheckpointRejected, cancelled: CheckpointCancelled }

function announce(tx: ReturnType<typeof toEffectTx>, checkpoint: CheckpointRow, verdict: Verdict): void {
  emit(tx, TOLD[verdict], { checkpoint_id: checkpoint.id, type: checkpoint.type, tool: checkpoint.tool, run_id: checkpoint.run_id })
  record(tx, tx, {
    action: `checkpoint.${verdict}`, outcome: 'done', effect: checkpoint.effect, actionHash: checkpoint.action_hash,
    checkpointId: checkpoint.id, runId: checkpoint.run_id, resource: { type: 'checkpoint', id: checkpoint.id },
  })
}
