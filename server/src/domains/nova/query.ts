import type { z } from 'zod'
import type { CallerCtx } from '../../platform/ctx.ts'
import type { IdempotencyKey } from '../../platform/http/idempotency.ts'
import type { WireAnswer } from '../../platform/http/mount.ts'
import { Conflict } from '../../platform/problems.ts'
import { UnknownTool } from '../governance/errors.ts'
import { parseArgs } from '../governance/perform.ts'
import { answerHeld } from './answer.ts'
import { beginRun, type Begun } from './begin-run.ts'
import { carryOn, WAITS_ELSEWHERE, type Carried } from './carry-on.ts'
import { claimRun, findEarlier, keepAnswer } from './claim-run.ts'
import type { Query } from './contract.ts'
import { openConversation } from './conversation/open-conversation.ts'
import { converse } from './conversation/converse.ts'
import type { Nova } from './nova.ts'
import { performOne } from './perform-one.ts'
import { presentRun } from './present.ts'
import { findRun } from './queries.ts'
import type { RunState } from './run/run-state.ts'

/** Answers one query: lanes A to C, then each call through the gate (D to G). */
export async function query(nova: Nova, ctx: CallerCtx, given: { input: z.output<typeof Query>; idempotency: IdempotencyKey | undefined }): Promise<WireAnswer> {
  const earlier = given.idempotency && await findEarlier(nova, ctx, given.idempotency)
  if (earlier) return earlier
  const begun = await beginRun(nova, ctx, given.input)
  if (begun.commands.length === 1) return performOne(nova, ctx, { begun, idempotency: given.idempotency })
  return performSeveral(nova, ctx, { begun, idempotency: given.idempotency })
}

/** A run of several calls or of a conversation: it is kept before its first call, so that no restart loses or repeats one. */
async function performSeveral(nova: Nova, ctx: CallerCtx, { begun, idempotency }: { begun: Begun; idempotency: IdempotencyKey | undefined }): Promise<WireAnswer> {
  ensureAllValid(nova, begun)
  const run = openRun(begun)
  const earlier = await claimRun(nova, ctx, run, idempotency)
  if (earlier) return earlier
  const carried = run.remaining?.kind === 'conversation' ? await converse(nova, ctx.caller, run) : await carryOn(nova, ctx.caller, run)
  await ensureSameRequest(nova, ctx, carried)
  const answer = answerCarried(carried, ctx)
  if (idempotency) await keepAnswer(nova, ctx, idempotency, answer)
  return answer
}

/** Every call of a sentence must be well formed before the first one is made. */
function ensureAllValid(nova: Nova, { commands }: Begun): void {
  for (const { tool, args } of commands) {
    const action = nova.gate.actions.get(tool)
    if (!action) throw UnknownTool({ tool })
    parseArgs({ action, given: args })
  }
}

const openRun = ({ run, commands }: Begun): RunState =>
  ({ ...run, remaining: run.planner === 'claude' ? openConversation(run) : { kind: 'commands', commands } })

function answerCarried({ run, held, refused }: Carried, ctx: CallerCtx): WireAnswer {
  if (held) return answerHeld(held, held.checkpoint.run_id ?? run.id, ctx)
  if (refused) throw refused
  return { status: 200, headers: {}, body: presentRun(run, ctx.language) }
}

/** The very same request again finds the run that waits already; another request must not be told that its rest will follow. */
async function ensureSameRequest(nova: Nova, ctx: CallerCtx, { run, held }: Carried): Promise<void> {
  const waitingId = held?.checkpoint.run_id
  if (!waitingId || waitingId === run.id) return
  const waiting = await nova.gate.platform.store.within(ctx.caller, async (tx) => (await tx.send(findRun(tx.db, run.identityId, waitingId)))[0])
  if (waiting?.message !== run.message) throw Conflict(WAITS_ELSEWHERE)
}
