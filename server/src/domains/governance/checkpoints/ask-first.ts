import type { z } from 'zod'
import type { CallerCtx } from '../../../platform/ctx.ts'
import { Conflict } from '../../../platform/problems.ts'
import type { CreateCheckpoint } from '../contract.ts'
import { UnknownTool } from '../errors.ts'
import type { Gate } from '../gate.ts'
import { perform } from '../perform.ts'
import type { CheckpointRow } from '../queries.ts'

/** Opens a checkpoint for an action of the caller's own, whatever its effect; the open one when it waits already. */
export async function askFirst(gate: Gate, ctx: CallerCtx, { tool, args, approvers }: z.output<typeof CreateCheckpoint>): Promise<CheckpointRow> {
  const action = gate.actions.get(tool)
  if (!action) throw UnknownTool({ tool })
  const outcome = await perform(gate, {
    action, given: args, caller: ctx.caller, via: 'rest', sphereId: null, requestId: ctx.requestId, runId: null, ask: true,
    ...(approvers ? { requirement: { quorum: approvers.quorum, role: approvers.role, excludeRequester: approvers.exclude_requester, minutes: approvers.minutes } } : {}),
  })
  if (outcome.kind !== 'held') throw Conflict({ en: 'Nothing was held.', fr: 'Rien n’a été mis en attente.' })
  return outcome.checkpoint
}
