import type { Store, Tx } from '../../platform/db/store.ts'
import type { IdempotencyKey } from '../../platform/http/idempotency.ts'
import { IdempotencyMismatch } from './errors.ts'
import type { Answer } from './gate.ts'
import { deleteOldAnswers, findAnswer, insertAnswer, updateAnswer, type StoredAnswer } from './queries.ts'

/** A key answers a repeated request for so long; after that it is a new request. */
export const KEYS_DAYS = 7
const DAY_MS = 24 * 3_600_000
const BATCH = 1_000

type Key = IdempotencyKey & { identityId: string }

/** Takes a key for a run that will take longer than one commit; a second taker fails on the primary key. */
export function claimAnswer(tx: Tx, { identityId, route, key, requestHash, runId, at }: Key & { runId: string; at: Date }): void {
  tx.atClose(() => insertAnswer(tx.db, { identityId, route, key, requestHash, runId, status: null, headers: {}, body: undefined, at }))
}

/** What is kept under a key. Throws IdempotencyMismatch when it was taken for another body. */
export async function findStoredAnswer(tx: Tx, { identityId, route, key, requestHash }: Key): Promise<{ answer: Answer | null; runId: string | null }> {
  const [stored] = await tx.send(findAnswer(tx.db, identityId, route, key)) as StoredAnswer[]
  if (stored && stored.request_hash !== requestHash) throw IdempotencyMismatch()
  if (!stored || stored.status === null) return { answer: null, runId: stored?.run_id ?? null }
  return { answer: { status: stored.status, headers: stored.headers ?? {}, body: stored.body }, runId: stored.run_id }
}

export function completeAnswer(tx: Tx, { identityId, route, key, answer }: Key & { answer: Answer }): void {
  tx.atClose(() => updateAnswer(tx.db, { identityId, route, key, ...answer }))
}

/** Forgets answers older than seven days, at most 1,000 a call; how many. Safe on several nodes at once. */
export async function forgetAnswers(store: Store, now: Date): Promise<number> {
  const gone = await store.within({ service: 'idempotency' }, (tx) => tx.send(deleteOldAnswers(tx.db, new Date(now.getTime() - KEYS_DAYS * DAY_MS), BATCH)))
  return gone.length
}
