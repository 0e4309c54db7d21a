import { setTimeout as delay } from 'node:timers/promises'
import type { Store } from '../../../platform/db/store.ts'
import { ServiceUnavailable } from '../../../platform/problems.ts'
import { drainedNotice } from './acknowledgements.ts'
import { countListeners, endFenceSharers, endSharers, holdFence, limitLockWait, listSharers, notifyFence, type Sharer } from './queries.ts'

/** How long effects in flight may take to end by themselves before their connections are ended. */
const PATIENCE_MS = 700
const ROUNDS = 4
const LONGEST_GAP_MS = 40

/** Waits until no effect is in flight, and tells the nodes; how many of them listen. Throws ServiceUnavailable when that cannot be had. */
export async function drain(store: Store, version: string): Promise<{ listeners: number }> {
  for (let round = 1; round <= ROUNDS; round += 1) {
    try {
      return await store.withinReserved({ service: 'fence' }, async (tx) => {
        const [, , [listening]] = await Promise.all([tx.send(limitLockWait(PATIENCE_MS).compile(tx.db)), tx.send(holdFence().compile(tx.db)), tx.send(countListeners().compile(tx.db))])
        tx.atClose(() => notifyFence(drainedNotice(version)).compile(tx.db))
        return { listeners: Number(listening?.count ?? 0) }
      })
    } catch (error) {
      if ((error as { code?: string }).code !== '55P03') throw error
      await store.withinReserved({ service: 'fence' }, (tx) => tx.send(endFenceSharers().compile(tx.db)))
      await delay(5 * round)
    }
  }
  throw ServiceUnavailable({ retryAfterSeconds: 1 })
}

/** Whose effects are waited for (null: everyone's), and whether those that hang are ended or let be. */
export type Settling = { identityId: string | null; end: boolean }

/**
 * Waits for the effects that share the fence at this moment, and for no later one: those read the change, whose commit came
 * before. Nothing is held back meanwhile, so a pause of one costs the others nothing.
 */
export async function settleSharers(within: Store['within'], { identityId, end }: Settling): Promise<void> {
  const list = (): Promise<Sharer[]> => within({ service: 'fence' }, (tx) => tx.send(listSharers(identityId).compile(tx.db)))
  let left = await list()
  for (let waitedMs = 0, gapMs = 2; left.length > 0 && waitedMs < PATIENCE_MS; waitedMs += gapMs, gapMs = Math.min(gapMs * 2, LONGEST_GAP_MS)) {
    await delay(gapMs)
    left = stillThere(left, await list())
  }
  if (!end) return
  for (let round = 1; left.length > 0; round += 1) {
    if (round > ROUNDS) throw ServiceUnavailable({ retryAfterSeconds: 1 })
    await within({ service: 'fence' }, (tx) => tx.send(endSharers(left).compile(tx.db)))
    await delay(5 * round)
    left = stillThere(left, await list())
  }
}

const stillThere = (before: Sharer[], now: Sharer[]): Sharer[] =>
  before.filter((one) => now.some(({ pid, transaction }) => pid === one.pid && transaction === one.transaction))
