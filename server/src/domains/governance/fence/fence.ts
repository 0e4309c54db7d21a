import { setTimeout as delay } from 'node:timers/promises'
import type { Platform } from '../../../platform/ctx.ts'
import type { Tx } from '../../../platform/db/store.ts'
import type { Listener } from '../../../platform/events/listener.ts'
import { ServiceUnavailable } from '../../../platform/problems.ts'
import { createInFlight, type InFlight } from './in-flight.ts'
import { endFenceSharers, FENCE_CHANNEL, holdFence, limitLockWait, notifyFence, readFence, setFence, type FenceRow } from '../queries.ts'

/** A change of the fence, and what else belongs into its commit. */
export type FenceChange = { reason: string | null; by: string; announce(tx: Tx, fence: FenceRow): Promise<void> }

/** What lets effects pass, or none. Its verbs work on the reserved connection: when the pool is full, stopping still works. */
export type Fence = {
  /** Stops every effect on every node. When it settles, none commits any more and none of the outside's calls begins. */
  close(change: FenceChange): Promise<void>
  /** Lets effects pass again. */
  open(change: FenceChange): Promise<void>
  /** Calls to the outside of this node. */
  inFlight: InFlight
  /** The fence as this node last heard of it; the gate never relies on it. */
  known(): Pick<FenceRow, 'state'> | undefined
  start(): Promise<void>
  stop(): void
}

/** How long effects in flight may take to end by themselves before their connections are ended. */
const PATIENCE_MS = 700
const ROUNDS = 4
const POLL_MS = 1_000

/**
 * Why nothing is done once `close` has settled, on any node (product.md, invariant 7):
 *
 * 1. The state row is committed as dormant, with its event and its audit link: from here on the stop survives every crash.
 * 2. Every effect takes the fence's lock in share mode, then reads the state in a later statement, and keeps the lock until
 *    its commit is visible (perform.ts). So an effect that read `operational` took the lock before 1, or at least before its
 *    read, and still holds it; one that reads after 1 refuses. `drain` takes the lock alone: when it is granted, every
 *    effect of the first kind has committed or rolled back. Effects that do not end within PATIENCE_MS lose their
 *    connection, which rolls them back: stopping does not wait for what hangs.
 * 3. A call to the outside begins while its beginner shares the lock and has read `operational` (in-flight.ts), so after 2
 *    none begins either. Those that had begun are in their node's registry by then: this node aborts its own at once, the
 *    others at the notice that 2 commits, or, while a node cannot listen, at its next look at the row, within a second.
 *
 * The waiting lock holds new sharers back for PATIENCE_MS at most; then they read `dormant` and refuse.
 */
export function createFence({ platform, listener }: { platform: Platform; listener: Listener }): Fence {
  const { store, log } = platform
  const inFlight = createInFlight(platform)
  let known: FenceRow | undefined
  let timer: NodeJS.Timeout | undefined

  /** Every change spends a version, so calls that began under an older one began before a stop. */
  const learn = (row: FenceRow): void => {
    if (known && Number(known.version) > Number(row.version)) return
    known = row
    inFlight.abortBefore(Number(row.version))
  }
  const look = async (): Promise<void> => {
    const [row] = await store.withinReserved({ service: 'fence' }, (tx) => tx.send(readFence(tx.db)))
    if (row) learn(row)
  }
  const lookOrLog = (): void => { look().catch((error: unknown) => { log.warn({ error }, 'the fence could not be read') }) }

  const change = (state: 'operational' | 'dormant', { reason, by, announce }: FenceChange): Promise<FenceRow> =>
    store.withinReserved({ service: 'fence' }, async (tx) => {
      const [row] = await tx.send(setFence(tx.db, { state, reason, by, at: platform.clock.now() }))
      if (!row) return readFence(tx.db).executeTakeFirstOrThrow()
      await announce(tx, row)
      tx.atClose(() => notifyFence(row.version).compile(tx.db))
      return row
    })

  listener.on(FENCE_CHANNEL, lookOrLog)
  listener.onUp(lookOrLog)

  return {
    inFlight,
    known: () => known,
    async close(given) {
      const row = await change('dormant', given)
      await drain(platform, row.version)
      learn(row)
    },
    async open(given) { learn(await change('operational', given)) },
    async start() {
      await store.reserve()
      await look()
      timer = setInterval(() => { if (!listener.isUp()) lookOrLog() }, POLL_MS).unref()
    },
    stop: () => { clearInterval(timer) },
  }
}

/** Waits until no effect is in flight, and tells the other nodes. Throws ServiceUnavailable when that cannot be had. */
async function drain({ store }: Platform, version: string): Promise<void> {
  for (let round = 1; round <= ROUNDS; round += 1) {
    try {
      return await store.withinReserved({ service: 'fence' }, async (tx) => {
        await Promise.all([tx.send(limitLockWait(PATIENCE_MS).compile(tx.db)), tx.send(holdFence().compile(tx.db))])
        tx.atClose(() => notifyFence(version).compile(tx.db))
      })
    } catch (error) {
      if ((error as { code?: string }).code !== '55P03') throw error
      await store.withinReserved({ service: 'fence' }, (tx) => tx.send(endFenceSharers().compile(tx.db)))
      await delay(5 * round)
    }
  }
  throw ServiceUnavailable({ retryAfterSeconds: 1 })
}
