import { canonical } from '../../platform/canonical.ts'
import type { Actor, Via } from '../../platform/ctx.ts'
import type { Tx } from '../../platform/db/store.ts'
import { newId, type IdentityId, type UserId } from '../../platform/ids.ts'
import { cleanDetails, type Details } from './clean-details.ts'
import type { OUTCOMES } from './contract.ts'
import { appendAudit } from './queries.ts'

export type Outcome = (typeof OUTCOMES)[number]

/** What one audit event says. Ids and rules only: content stays in its own row, so that erasing it is enough. */
export type AuditEntry = {
  action: string
  outcome: Outcome
  resource?: { type: string; id: string } | undefined
  effect?: string | undefined
  decision?: { verdict: string; policies: string[] } | undefined
  checkpointId?: string | null | undefined
  actionHash?: string | undefined
  runId?: string | null | undefined
  details?: Details | undefined
}

/** Who and where: taken from the transaction or the request, never from the client's body. */
export type AuditScene = { identityId: IdentityId; userId: UserId; actor: Actor; via: Via | 'system'; requestId: string; now(): Date }

/** Adds an event to the identity's chain, in the transaction of what it tells; returns the event's id. */
export function record(tx: Tx, scene: AuditScene, entry: AuditEntry): string {
  const id = newId()
  const at = scene.now()
  const body = canonical({
    id, at: at.toISOString(), identity_id: scene.identityId, user_id: scene.userId, actor: scene.actor, via: scene.via, request_id: scene.requestId,
    action: entry.action, outcome: entry.outcome, resource: entry.resource ?? null, effect: entry.effect ?? null, decision: entry.decision ?? null,
    checkpoint_id: entry.checkpointId ?? null, action_hash: entry.actionHash ?? null, run_id: entry.runId ?? null, details: cleanDetails(entry.details ?? {}),
  })
  tx.atClose(() => appendAudit({
    identityId: scene.identityId, id, body, at, action: entry.action,
    resourceType: entry.resource?.type ?? null, resourceId: entry.resource?.id ?? null, agent: scene.actor.kind === 'person' ? null : scene.actor.id,
  }))
  return id
}
