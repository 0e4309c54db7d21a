import type { ClaudeStep } from '../../../adapters/llm/claude.ts'
import { isProblem } from '../../../platform/errors.ts'
import { release, reserve, settle, type Payer } from '../../budgets/reserve.ts'
import type { Nova } from '../nova.ts'
import type { RunState } from '../run/run-state.ts'

/** Characters that one token of a prompt has at least, on the average of any language that Nova speaks. */
const CHARS_PER_TOKEN = 3

/**
 * Makes one call of the model within the budget: what it may cost at most is reserved before it begins, and what it cost
 * (as the provider reports) is settled after, in commits of their own, so that a call that was made is paid for whatever
 * becomes of its run. One that ran out of time may have cost all of it, so it is counted in full; one that the provider
 * refused, or that never began, costs nothing. Throws BudgetExceeded, and then no call begins.
 */
export async function payForCall(nova: Nova, run: RunState, { messages }: { messages: unknown[] }, call: () => Promise<ClaudeStep>): Promise<ClaudeStep> {
  const { platform } = nova.gate
  const payer: Payer = { identityId: run.identityId, userId: run.userId, sessionId: run.sessionId, requestId: run.requestId, runId: run.id }
  const reserved = platform.settings.NOVA_MAX_TOKENS + Math.ceil(JSON.stringify(messages).length / CHARS_PER_TOKEN)
  const id = await reserve(platform, payer, reserved)
  let step: ClaudeStep
  try {
    step = await call()
  } catch (error) {
    if (isProblem(error) && error.code === 'provider_timeout') await settle(platform, payer, { id, reserved, actual: reserved })
    else await release(platform, payer, id)
    throw error
  }
  await settle(platform, payer, { id, reserved, actual: step.usage.input_tokens + step.usage.output_tokens })
  return step
}
