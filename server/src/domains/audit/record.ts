import { canonical } from '../../platform/canonical.ts'
import type { Actor, Via } from '../../platform/ctx.ts'
import type { Tx } from '../../platform/db/store.ts'
import { newId, type IdentityId, type UserId } from '../../platform/ids.ts'
import { cleanDetails, type Details } from './clean-details.ts'
import type { OUTCOMES } from './contract.ts'
import { commitment } from './details/commitment.ts'
import { keyFor, type DetailKey } from './details/detail-keys.ts'
import { sealDetails, type Private, type StoredDetails } from './details/sealed-details.ts'
import { appendAudit } from './queries.ts'

export type Outcome = (typeof OUTCOMES)[number]

/** What one audit event says. Ids and rules only: content stays in its own row, so that erasing it is enough. */
export type AuditEntry = {
  action: string
  outcome: Outcome
  resource?: { type: string; id: string } | undefined
  effect?: string | undefined
  decision?: { verdict: string; policies: string[] } | undefined
  /** By what right: `own`, `policy:<id>`, `grant:<id>` or `approval:<checkpoint>`. */
  permission?: string | undefined
  checkpointId?: string | null | undefined
  actionHash?: string | undefined
  runId?: string | null | undefined
  /** What the row said before and says after: only salted commitments to them are kept. */
  before?: unknown
  after?: unknown
  details?: Details | undefined
  /** Leaves the details readable once the keys are gone: for those that say nothing of anybody. */
  plain?: true | undefined
}

/** Who and where: taken from the transaction or the request, never from the client's body. */
export type AuditScene = { identityId: IdentityId; userId: UserId; actor: Actor; via: Via | 'system'; requestId: string; now(): Date }

/**
 * Adds an event to the identity's chain, in the transaction of what it tells; returns the event's id. Its details are
 * sealed at the close, with COMMIT: no round trip more, but one for the first event of an identity's day on a node.
 */
export function record(tx: Tx, scene: AuditScene, entry: AuditEntry): string {
  const id = newId()
  const at = scene.now()
  const [before, after] = [commitment(entry.before), commitment(entry.after)]
  const body = {
    v: 2, id, at: at.toISOString(), identity_id: scene.identityId, user_id: scene.userId, actor: scene.actor, via: scene.via, request_id: scene.requestId,
    action: entry.action, outcome: entry.outcome, resource: entry.resource ?? null, effect: entry.effect ?? null, decision: entry.decision ?? null, permission: entry.permission ?? null,
    checkpoint_id: entry.checkpointId ?? null, action_hash: entry.actionHash ?? null, run_id: entry.runId ?? null, before: before?.hash ?? null, after: after?.hash ?? null,
  }
  const told: Private = { details: cleanDetails(entry.details ?? {}), salts: { ...(before ? { before: before.salt } : {}), ...(after ? { after: after.salt } : {}) } }
  const append = (details: StoredDetails, epoch: number | null) => appendAudit({
    identityId: scene.identityId, id, body: canonical({ ...body, details }), at, action: entry.action, outcome: entry.outcome,
    resourceType: entry.resource?.type ?? null, resourceId: entry.resource?.id ?? null, agent: scene.actor.kind === 'person' ? null : scene.actor.id, epoch,
  })
  const sealed = ({ id: key, key: secret, epoch }: DetailKey) => append({ key, sealed: sealDetails(secret, { identityId: scene.identityId, eventId: id }, told) }, epoch)
  tx.atClose(() => {
    if (entry.plain || isEmpty(told)) return append({ plain: told.details }, null)
    const key = keyFor(tx, scene.identityId, at)
    return key instanceof Promise ? key.then(sealed) : sealed(key)
  })
  return id
}

const isEmpty = ({ details, salts }: Private): boolean => Object.keys(details).length === 0 && Object.keys(salts).length === 0
