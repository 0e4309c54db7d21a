import type { z } from 'zod'
import type { IdentityId, SessionId, UserId } from '../../platform/ids.ts'
import type { Language } from '../../platform/text.ts'
import type { Run } from './contract.ts'
import type { RunRow } from './queries.ts'
import type { ActionState, RunState } from './run/run-state.ts'

/** A run as the contract shows it, in the language of its reader. */
export const presentRun = (run: RunState, language: Language): z.input<typeof Run> => ({
  id: run.id, status: run.status, planner: run.planner, message: run.message, sphere_id: run.sphereId, thread_id: run.threadId,
  intent: run.intent, lanes: run.lanes, snapshot_hash: run.snapshotHash, encoding: run.encoding,
  actions: run.actions.map((action) => ({ ...action, error: action.error && { code: action.error.code, detail: action.error.detail[language] } })),
  output: run.output, usage: run.usage, cost: run.cost, credits: run.credits, checkpoint_id: run.checkpointId, audit_event_id: run.auditEventId,
  error: run.error && { code: run.error.code, detail: run.error.detail[language] },
  created_at: run.createdAt.toISOString(), completed_at: run.completedAt?.toISOString() ?? null,
})

/** The state kept in a row. The JSON columns were written by us from these very types. */
export function runOfRow(row: RunRow): RunState {
  const { language, ...encoding } = row.encoding as RunState['encoding'] & { language: Language }
  return {
    id: row.id, identityId: row.identity_id as IdentityId, userId: row.user_id as UserId, sessionId: row.session_id as SessionId, sphereId: row.sphere_id, threadId: row.thread_id, requestId: row.request_id, language,
    message: row.message, planner: row.planner as RunState['planner'], status: row.status as RunState['status'], intent: row.intent as RunState['intent'],
    lanes: row.lanes as RunState['lanes'], snapshot: row.snapshot, snapshotHash: row.snapshot_hash ?? '', encoding, actions: row.actions as ActionState[],
    output: row.output as RunState['output'], usage: row.usage as RunState['usage'], cost: row.cost as RunState['cost'], credits: Number(row.credits),
    checkpointId: row.checkpoint_id, auditEventId: row.audit_event_id, error: row.error as RunState['error'], remaining: row.steps as RunState['remaining'], version: row.version,
    createdAt: row.created_at, completedAt: row.completed_at,
  }
}
