import type { Caller, EffectTx, Via } from '../../../platform/ctx.ts'
import { closeAsService } from '../../../platform/db/as-service.ts'
import type { Tx } from '../../../platform/db/store.ts'
import { isProblem, type Problem } from '../../../platform/errors.ts'
import { Gone } from '../../../platform/problems.ts'
import type { Language } from '../../../platform/text.ts'
import { record } from '../../audit/record.ts'
import { asBudgetExceeded } from '../../budgets/over-budget.ts'
import { ensurePerson } from '../deciders/ensure-person.ts'
import { hearersOf, tell } from '../deciders/tell.ts'
import { Stale } from '../errors.ts'
import { CheckpointApproved, CheckpointCancelled, CheckpointRejected, CheckpointVoted } from '../events.ts'
import { failedOutcome } from '../effects/kept-outcome.ts'
import { keepWith } from '../effects/keep-with.ts'
import type { Decided, Gate } from '../gate.ts'
import { toEffectTx } from '../perform.ts'
import type { CheckpointRow } from '../queries.ts'
import { recordRefusal } from '../refusals.ts'
import { askAnew } from './ask-anew.ts'
import { claim, type Claimed } from './claim.ts'
import { ensureSeen } from './ensure-intact.ts'
import { expireFound } from './expire-checkpoints.ts'
import { presentCheckpoint } from './present.ts'
import { EffectFailed, spend } from './spend.ts'
import { ensureSteppedUp } from './step-up.ts'

export type Decision = { caller: Caller; requestId: string; language: Language; id: string; note: string | null; /** Hash of what the person read, when they say it. */ shownHash?: string | null; /** The version that they mean (If-Match). */ etag?: string | null }
/** `decided` is null while others must approve too; `isFor` when the decider is not the person whose identity it is. */
export type Settled = { checkpoint: CheckpointRow; run: unknown; decided: Decided | null; isFor: boolean }
export type Verdict = 'approved' | 'rejected' | 'cancelled'

/**
 * Approves a checkpoint and, when that fills the quorum, spends the approval: the decision, the effect and its record are
 * one commit, so the effect happens exactly once however often and wherever it is pressed. An effect that refuses leaves
 * the decision and a failed run.
 */
export const approve = (gate: Gate, given: Decision): Promise<Settled> => settle(gate, given, 'approved')

/** Refuses for good; a new attempt needs a new checkpoint. One rejection ends it, whatever the quorum. */
export const reject = (gate: Gate, given: Decision, also?: Also): Promise<Settled> => settle(gate, given, 'rejected', also)

/** Takes the request back. */
export const cancel = (gate: Gate, given: Decision): Promise<Settled> => settle(gate, given, 'cancelled')

/** What one decision left to do once it is committed. */
export type Taken = Claimed & { decided: Decided | null; carried: unknown }

/** What else belongs into the commit of a decision, in the scope of the checkpoint's identity. */
export type Also = (tx: EffectTx, checkpoint: CheckpointRow) => void

async function settle(gate: Gate, given: Decision, verdict: Verdict, also?: Also): Promise<Settled> {
  ensurePerson(given.caller)
  let taken: Taken
  try {
    taken = await commitDecision(gate, given, { verdict, ...(also ? { also } : {}) })
  } catch (thrown) {
    const error = asBudgetExceeded(thrown, gate.platform.clock.now())
    await recordRefusal(gate.platform, { ...given, via: 'rest', runId: null }, error)
    if (error instanceof EffectFailed) taken = await commitDecision(gate, given, { verdict, failed: error.problem })
    else if (isProblem(error, Stale) && (error.facts as { because: string }).because !== 'shown') return await retire(gate, given, error)
    else {
      if (isProblem(error, Gone)) await expireFound(gate, given)
      throw error
    }
  }
  return goOn(gate, given, taken)
}

/** Carries on what waited for the decision. Who decides for another sees nothing of how it goes on. */
export async function goOn(gate: Gate, given: Decision, { checkpoint, decided, carried, caller, isFor }: Taken): Promise<Settled> {
  if (!decided) return { checkpoint, run: null, decided: null, isFor }
  const run = await gate.continuations.get(checkpoint.via as Via)?.resume(carried, decided, { ...given, caller }) ?? null
  return { checkpoint, run: isFor ? null : run, decided, isFor }
}

/**
 * What changed since can no longer be approved: the checkpoint ends, and the same action is asked anew as things are now, in
 * one commit. Where it cannot even be asked (its row is gone, or the checkpoint was tampered with) it only ends.
 */
async function retire(gate: Gate, given: Decision, problem: Problem): Promise<never> {
  const fresh = (problem.facts as { because: string }).because === 'changed' ? await askAnew(gate, given) : undefined
  if (fresh) throw Stale({ because: 'changed', checkpoint: presentCheckpoint(fresh, given.language, gate.platform.clock.now()) })
  await commitDecision(gate, { ...given, note: 'stale' }, { verdict: 'cancelled', asDecider: true })
  throw problem
}

type Wish = { verdict: Verdict; failed?: Problem; asDecider?: boolean; also?: Also }

const commitDecision = (gate: Gate, given: Decision, wish: Wish): Promise<Taken> =>
  gate.platform.store.within(given.caller, (plain) => take(gate, given, wish, plain))

/** Decides within an open transaction: claim, effect, record, and what belongs to the run that waited. */
export async function take(gate: Gate, given: Decision, { verdict, failed, asDecider = false, also }: Wish, plain: Tx): Promise<Taken> {
  const claimed = await claim(gate, given, plain, { verdict, asDecider })
  const { checkpoint, caller } = claimed
  if (!asDecider) ensureSeen(checkpoint, given)
  if (verdict === 'approved') ensureSteppedUp(given.caller, checkpoint.effect, gate.platform.clock.now())
  const theirs = { ...given, caller }
  const tx = toEffectTx(gate, { ...theirs, via: 'rest', sphereId: null }, plain, checkpoint.id)
  await announce(tx, given.caller, claimed, verdict)
  if (!claimed.isDecided) return { ...claimed, decided: null, carried: null }
  also?.(tx, checkpoint)
  const continuation = gate.continuations.get(checkpoint.via as Via)
  const loading = continuation?.load(plain, checkpoint)
  loading?.catch(() => {}) // Waited for below; never unhandled while the effect runs.
  const effect = verdict === 'approved' && !failed ? await spend(gate, theirs, checkpoint, plain) : {}
  const error = failed && { code: failed.code, detail: failed.detail() }
  const decided: Decided = { checkpoint: error ? keepWith(tx, checkpoint, { state: 'failed', outcome: failedOutcome(error) }) : checkpoint, verdict, ...effect, ...(error ? { error } : {}) }
  if (failed) record(tx, tx, { action: checkpoint.tool ?? 'action', outcome: 'failed', effect: checkpoint.effect, actionHash: checkpoint.action_hash, checkpointId: checkpoint.id, runId: checkpoint.run_id, details: { code: failed.code } })
  return { ...claimed, checkpoint: decided.checkpoint, decided, carried: continuation?.close(tx, decided, await loading) }
}

const TOLD = { approved: CheckpointApproved, rejected: CheckpointRejected, cancelled: CheckpointCancelled }

/** Event and record of a decision or of a vote: in the chain of the checkpoint's identity, and in the decider's own. */
async function announce(tx: EffectTx, decider: Caller, { checkpoint, isDecided, isFor }: Claimed, verdict: Verdict): Promise<void> {
  const hearers = checkpoint.seated || isFor ? await hearersOf(tx, checkpoint) : [checkpoint.user_id]
  tell(tx, isDecided ? TOLD[verdict] : CheckpointVoted, checkpoint, hearers)
  const about = { outcome: 'done', effect: checkpoint.effect, actionHash: checkpoint.action_hash, checkpointId: checkpoint.id, resource: { type: 'checkpoint', id: checkpoint.id } } as const
  record(tx, tx, { ...about, action: isDecided ? `checkpoint.${verdict}` : 'checkpoint.voted', runId: checkpoint.run_id })
  if (isFor) closeAsService(tx, 'deciders', () => { record(tx, { ...tx, identityId: decider.identityId, userId: decider.userId, actor: decider.actor }, { ...about, action: 'checkpoint.decided_for', details: { verdict } }) })
}
