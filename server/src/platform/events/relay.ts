import { setImmediate as breathe, setTimeout as delay } from 'node:timers/promises'
import type { Platform } from '../ctx.ts'
import { createBus, type Bus } from './bus.ts'
import type { CommittedEvent } from './event.ts'
import { createListener, type Listener } from './listener.ts'
import { claimEvents, EVENTS_CHANNEL, listAfter, lockCounter, readCounter } from './queries.ts'
import { readEvent } from './read-event.ts'

export type Relay = {
  /** Begins after the newest number there is; what waits without one is handed on. */
  start(): Promise<void>
  stop(): Promise<void>
  bus: Bus
  /** Hears every event of the instance in order; the function it returns ends that. */
  onEvent(listen: (event: CommittedEvent) => void): () => void
  /** Number of the last event that this node handed on; moves just before its listeners hear it. */
  lastSeq(): number
  /** Settles once everything that was numbered before this call is handed on. */
  catchUp(): Promise<void>
  /** For other notices between the nodes, over the same connection. */
  listener: Listener
}

const BATCH = 500
/** Under load a pass takes what came together in this time, instead of one transaction an event. */
const PASS_GAP_MS = 10
/** Finds events of a node that ended between commit and wake. */
const SAFETY_MS = 5_000
const RETRY_FIRST_MS = 100
const RETRY_LAST_MS = 2_000
const BREATH = 100

type Want = 'nothing' | 'read' | 'claim'
type Waiter = { resolve(): void; reject(error: unknown): void }

/**
 * Hands committed events on: each of them exactly once a node that runs, in the order of gapless numbers.
 *
 * Why there are no gaps and nothing is skipped: an event is written without a number, in its change's transaction. Only a
 * pass numbers, holding the counter's row lock until its own commit; it sees committed rows only, numbers them
 * counter + 1 … n and moves the counter in that commit. So numbers become visible a batch at a time, and a batch only
 * after the one before it: whoever sees n sees every number below n, and a cursor on `seq` never jumps over a row that
 * commits later. (A number drawn at insert time would: PostgreSQL commits out of order.) A pass that fails leaves no number
 * behind. An event that commits after another was numbered gets a higher number; those numbered together are in the order
 * of their ids, which is that of their writing.
 *
 * Why each node hands each event on once: it reads what follows its own cursor, in order, in one loop that never runs
 * twice at a time, and moves the cursor with each event. Woken by its own commits, by the notice of another node's pass,
 * by its connection coming back, and each 5 s.
 */
export function createRelay({ platform, listenUrl }: { platform: Platform; listenUrl: string }): Relay {
  const { store, log } = platform
  const listener = createListener({ url: listenUrl, log })
  const bus = createBus(log)
  const listeners = new Set<(event: CommittedEvent) => void>()
  let cursor = 0
  let wanted: Want = 'nothing'
  let waiters: Waiter[] = []
  let running: Promise<void> | undefined
  let busy = false
  let stopped = true
  let claimedAt = -Infinity
  let retryMs = RETRY_FIRST_MS
  let safety: NodeJS.Timeout | undefined
  let retry: NodeJS.Timeout | undefined

  function wake(want: Want): void {
    if (stopped) return
    if (wanted !== 'claim') wanted = want
    if (!busy) running = work()
  }

  /** `busy` ends in the very step that found nothing wanted, so no wake falls between the two. */
  async function work(): Promise<void> {
    busy = true
    try {
      while (wanted !== 'nothing') await serve()
    } catch (error) {
      retryLater(error)
    } finally {
      busy = false
    }
  }

  async function serve(): Promise<void> {
    const claims = wanted === 'claim'
    if (claims) await delay(Math.max(0, claimedAt + PASS_GAP_MS - performance.now()))
    const served = waiters
    waiters = []
    wanted = 'nothing'
    try {
      const more = await pass(claims)
      retryMs = RETRY_FIRST_MS
      if (more && !stopped) {
        wanted = 'claim'
        waiters = [...served, ...waiters]
      } else for (const { resolve } of served) resolve()
    } catch (error) {
      for (const { reject } of served) reject(error)
      throw error
    }
  }

  /** Two round trips: lock, claim and read go out with BEGIN. True when more may wait than one batch holds. */
  async function pass(claims: boolean): Promise<boolean> {
    if (claims) claimedAt = performance.now()
    const after = cursor
    const { claimed, events } = await store.within({ service: 'relay' }, async (tx) => {
      const [, moved, rows] = await Promise.all([
        claims ? tx.send(lockCounter(tx.db)) : [],
        claims ? tx.send(claimEvents(BATCH).compile(tx.db)) : [],
        tx.send(listAfter(tx.db, { after, limit: BATCH })),
      ])
      return { claimed: Number(moved[0]?.claimed ?? 0), events: rows.map(readEvent) }
    })
    await handOn(events)
    return claimed === BATCH || events.length === BATCH
  }

  async function handOn(events: CommittedEvent[]): Promise<void> {
    for (const [index, event] of events.entries()) {
      if (index > 0 && index % BREATH === 0) await breathe()
      cursor = event.seq
      for (const listen of listeners) listen(event)
      bus.publish(event)
    }
  }

  function retryLater(error: unknown): void {
    log.warn({ error, retry_ms: retryMs }, 'a pass of the relay failed')
    clearTimeout(retry)
    retry = setTimeout(() => { wake('claim') }, retryMs).unref()
    retryMs = Math.min(retryMs * 2, RETRY_LAST_MS)
  }

  listener.on(EVENTS_CHANNEL, (last) => { if (Number(last) > cursor) wake('read') })
  listener.onUp(() => { wake('claim') })

  return {
    bus, listener,
    onEvent(listen) {
      listeners.add(listen)
      return () => { listeners.delete(listen) }
    },
    lastSeq: () => cursor,
    catchUp: () => new Promise((resolve, reject) => {
      if (stopped) return reject(new Error('The relay is stopped'))
      waiters.push({ resolve, reject })
      wake('read')
    }),
    async start() {
      const [counter] = await store.within({ service: 'relay' }, (tx) => tx.send(readCounter(tx.db)))
      cursor = Number(counter?.last ?? 0)
      stopped = false
      store.wakeRelay = () => { wake('claim') }
      safety = setInterval(() => { wake('claim') }, SAFETY_MS).unref()
      await listener.start()
    },
    async stop() {
      stopped = true
      wanted = 'nothing'
      store.wakeRelay = () => {}
      clearInterval(safety)
      clearTimeout(retry)
      await running
      for (const { reject } of waiters.splice(0)) reject(new Error('The relay is stopped'))
      await listener.stop()
    },
  }
}
