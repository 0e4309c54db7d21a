import type { z } from 'zod'
import type { Platform } from '../../platform/ctx.ts'
import { INSTANCE_IDENTITY } from '../audit/instance.ts'
import { verifyTail } from '../audit/verify/verify-tail.ts'
import type { Integrity } from './contract.ts'
import { countUnsent, countWaiting, listLeaving, listUnsettled } from './queries.ts'

const LISTED_MAX = 100
const LINKS = 1_000

/**
 * What one should know before anything runs again: first the effects of which nobody knows whether they happened, then
 * whether the record of the instance holds at its end, then what waits. Ids and kinds only: content belongs to its owner.
 */
export async function checkIntegrity({ store }: Platform): Promise<z.input<typeof Integrity>> {
  // On the reserved connection: reviving works when the pool is full.
  const within = store.withinReserved
  const [[unsettled, leaving, [waiting], [unsent]], record] = await Promise.all([
    within({ service: 'atom' }, (tx) => Promise.all([
      tx.send(listUnsettled(tx.db, LISTED_MAX)), tx.send(listLeaving(tx.db, LISTED_MAX)), tx.send(countWaiting(tx.db)), tx.send(countUnsent(tx.db)),
    ])),
    verifyTail({ ...store, within }, INSTANCE_IDENTITY, LINKS),
  ])
  return {
    unsettled: [
      ...unsettled.map(({ id, effect, tool, effect_state, decided_at }) => ({ kind: 'checkpoint' as const, id, state: effect_state ?? 'unknown', what: tool ?? effect, at: decided_at?.toISOString() ?? null })),
      ...leaving.map(({ id, kind, status, created_at }) => ({ kind: 'outbox' as const, id, state: status === 'sending' ? 'dispatched' : 'unknown', what: kind, at: created_at.toISOString() })),
    ],
    record: { valid: record.valid, head: record.head, links: record.seq, checked: record.checked },
    waiting: { checkpoints: Number(waiting?.count ?? 0), outbox: Number(unsent?.count ?? 0) },
  }
}
