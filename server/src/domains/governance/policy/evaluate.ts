import type { z } from 'zod'
import type { CallerCtx, Via } from '../../../platform/ctx.ts'
import { Problem } from '../../../platform/errors.ts'
import type { Bilingual } from '../../../platform/text.ts'
import { SHIPPED_RULES } from '../../policies/shipped-rules.ts'
import { findSentences } from '../../policies/rules/find-rules.ts'
import { liftHold } from '../elevations/lift-hold.ts'
import { UnknownTool } from '../errors.ts'
import { ensureNotStopped } from '../fence/ensure-not-stopped.ts'
import { ensureUnpaused } from '../floods/watch-floods.ts'
import type { Call, Gate } from '../gate.ts'
import { checkBoundary, ensureLive, open, parseArgs, toEffectTx, workOf } from '../perform.ts'
import { consult } from './authorize.ts'
import type { Evaluate, Evaluation } from './contract.ts'

/**
 * Says what would become of a call, and why, by the very steps of the gate up to the hold, and does nothing: no checkpoint,
 * no event, no use of a grant. A row of another identity is 403 and recorded as ever, one that exists nowhere is 404.
 */
export async function evaluate(gate: Gate, ctx: CallerCtx, { tool, args: given, as, sphere_id, thread_id }: z.output<typeof Evaluate>): Promise<z.input<typeof Evaluation>> {
  const action = gate.actions.get(tool)
  if (!action) throw UnknownTool({ tool })
  const via: Via = as === 'nova' ? 'nova' : 'rest'
  const caller = as === 'nova' ? { ...ctx.caller, actor: { kind: 'nova', id: 'nova' } as const } : ctx.caller
  const call: Call = { action, given, caller, via, sphereId: sphere_id ?? null, threadId: thread_id ?? null, requestId: ctx.requestId, runId: null }
  const parsed = parseArgs(call)
  return gate.platform.store.within({ identityId: caller.identityId, userId: caller.userId }, async (plain) => {
    const tx = toEffectTx(gate, call, plain, null)
    const { guard, pause, elevation, owners, args, versions, allowance } = await open(gate, call, parsed, tx)
    ensureLive(guard)
    ensureNotStopped(guard, workOf(call, [action.sphereOf?.(args as never) ?? null, ...owners.map((row) => row.sphere_id)]))
    checkBoundary(call, args, owners)
    const refusal = refusalOf(() => {
      ensureUnpaused(pause, tx.now())
      allowance?.ensure(call, args, owners)
    })
    const asked = { ...call, budgetLeft: allowance?.budgetLeft ?? null, ...(action.alwaysAsks ? { ask: true } : {}) }
    const { decision: ruled, decided } = await consult(gate, asked, { tx, args, owners, versions, dry: true })
    if (ruled.verdict !== 'deny' && !refusal) await action.check?.(tx, args as never)
    const decision = ruled.verdict === 'deny' ? ruled : liftHold(ruled, call, elevation)
    const own = await findSentences(tx, caller.identityId, decision.policies)
    const sentenceOf = (id: string): string | null => (own.get(id) ?? SHIPPED.get(id) ?? NOT_WRITTEN[id])?.[ctx.language] ?? null
    const known = { effect: action.effect, set_version: decided.setVersion, shadow: decided.shadow }
    // Before any rule is asked, the gate refuses who is paused and who has nothing left to spend.
    if (refusal) {
      return {
        ...known, verdict: 'deny', status: refusal.status, code: refusal.code, policies: [{ id: refusal.code, sentence: refusal.detail()[ctx.language] }],
        laws: [], checkpoint_type: null, missing_approvals: null, grant_id: null,
      }
    }
    const asks = decision.verdict === 'hold' ? decision.requirement : null
    return {
      ...known, verdict: decision.verdict, status: { allow: 200, hold: 423, deny: 403 }[decision.verdict],
      code: decision.verdict === 'deny' ? decision.code : decision.verdict === 'hold' ? 'checkpoint_required' : null,
      policies: decision.policies.map((id) => ({ id, sentence: sentenceOf(id) })), laws: decision.laws,
      checkpoint_type: decision.verdict === 'hold' ? decision.type : null,
      missing_approvals: asks && { approvers: asks.quorum, role: asks.role, excludes_requester: asks.excludeRequester, expires_minutes: asks.minutes ?? gate.platform.settings.CHECKPOINT_MINUTES },
      grant_id: decided.grantId,
    }
  })
}

function refusalOf(work: () => void): Problem | undefined {
  try {
    work()
    return undefined
  } catch (error) {
    if (error instanceof Problem) return error
    throw error
  }
}

const SHIPPED = new Map(SHIPPED_RULES.map(({ id, sentence }) => [id, sentence]))

/** What is said where no rule in writing decided. */
const NOT_WRITTEN: Record<string, Bilingual> = {
  nothing_permits: { en: 'No rule permits it.', fr: 'Aucune règle ne le permet.' },
  unknown_effect: { en: 'Nobody knows what it would do.', fr: 'Nul ne sait ce que cela ferait.' },
  policy_error: { en: 'A rule failed, and what fails refuses.', fr: 'Une règle a échoué, et ce qui échoue refuse.' },
}
