import type { Tx } from '../../../platform/db/store.ts'
import { newId } from '../../../platform/ids.ts'
import type { CedarRequest } from '../engine/request.ts'
import { insertDecision } from '../queries.ts'

/** A decision as it was made, for the record: what Cedar was asked, and what it said. */
export type Decided = {
  action: string
  effect: string
  verdict: 'allow' | 'hold' | 'deny'
  policies: string[]
  /** null: nothing was asked, or it is too long to be kept. */
  requests: CedarRequest[] | null
  setVersion: string
  /** What the set with the shadow rules would have said; null: there are none. */
  shadow: { verdict: string; policies: string[] } | null
  grantId: string | null
}

export type NewDecision = Decided & { id: string; identityId: string; at: Date; checkpointId: string | null }

const REQUESTS_MAX_CHARS = 16_384

/** Adds a decision to the commit of what it led to. */
export function noteDecision(tx: Tx, { identityId, at, checkpointId }: { identityId: string; at: Date; checkpointId: string | null }, decided: Decided): void {
  const isShort = decided.requests !== null && JSON.stringify(decided.requests).length <= REQUESTS_MAX_CHARS
  const row = { ...decided, requests: isShort ? decided.requests : null, id: newId(), identityId, at, checkpointId }
  tx.atClose(() => insertDecision(row))
}
