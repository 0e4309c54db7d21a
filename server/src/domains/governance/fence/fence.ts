import type { Platform } from '../../../platform/ctx.ts'
import type { Tx } from '../../../platform/db/store.ts'
import type { Listener } from '../../../platform/events/listener.ts'
import { createAcknowledgements, drainedVersion } from './acknowledgements.ts'
import { createInFlight, type InFlight } from './in-flight.ts'
import { closeFence, FENCE_CHANNEL, holdWork, lockFence, notifyFence, openFence, readFence, resumeWork, thawCheckpoints, type FenceRow } from './queries.ts'
import { drain, settleSharers, type Settling } from './stand-still.ts'
import { findStoppedWork } from './stopped-work.ts'

/** A change of the fence, and what else belongs into its commit; `before` is the fence as it was. */
export type FenceChange = { reason: string | null; by: string; announce(tx: Tx, fence: FenceRow, before: FenceRow): Promise<void> }

/** A change of a part of the fence's row: `alter` answers undefined when nothing changes, and then nothing is told. */
export type FenceMove = { alter(tx: Tx, before: FenceRow): Promise<FenceRow | undefined>; wait: Settling | null }

/** A change of a pause. A person may ask for one, so it takes an ordinary connection and leaves the fence's row alone: neither keeps a stop waiting. */
export type PauseMove<T> = { alter(tx: Tx): Promise<T>; wait: Settling | null }

/** What lets effects pass, or none. Its verbs work on the reserved connection: when the pool is full, stopping still works. */
export type Fence = {
  /** Stops every effect on every node. When it settles, none commits any more and none of the outside's calls begins. */
  close(change: FenceChange): Promise<void>
  /** Lets effects pass again, lifts a hold and a dispersal, and gives what waits for approval the time back that it stood still. */
  open(change: FenceChange): Promise<void>
  /** Lets no new agent work begin; what has begun ends. */
  hold(change: FenceChange): Promise<void>
  resume(change: FenceChange): Promise<void>
  /** Changes a dispersal. When it settles, no effect of those that it stops commits any more. */
  move(move: FenceMove): Promise<void>
  /** Sets or lifts a pause. When it settles, no effect of what it stops commits any more. */
  pause<T>(move: PauseMove<T>): Promise<T>
  /** Calls to the outside of this node. */
  inFlight: InFlight
  /** The fence as this node last heard of it; the gate never relies on it. */
  known(): Pick<FenceRow, 'state'> | undefined
  start(): Promise<void>
  stop(): void
}

const POLL_MS = 1_000

/**
 * Why nothing is done once `close` has settled, on any node (product.md, invariant 7):
 *
 * 1. The state row is committed as dormant, with its event and its audit link: from here on the stop survives every crash.
 * 2. Every effect takes the fence's lock in share mode, then reads the state in a later statement, and keeps the lock until
 *    its commit is visible (perform.ts). So an effect that read `operational` took the lock before 1, or at least before its
 *    read, and still holds it; one that reads after 1 refuses. `drain` takes the lock alone: when it is granted, every
 *    effect of the first kind has committed or rolled back. Effects that do not end within its patience lose their
 *    connection, which rolls them back: stopping does not wait for what hangs.
 * 3. A call to the outside begins while its beginner shares the lock and has read `operational` (in-flight.ts), so after 2
 *    none begins either. Those that had begun are in their node's registry by then: this node aborts its own at once, the
 *    others at the notice that 2 commits, and then say so: `close` waits for all that listen (acknowledgements.ts), so that what
 *    had begun but not yet left never leaves. A node that cannot listen aborts at its next look at the row, within a second.
 *
 * The waiting lock holds new sharers back for its patience at most; then they read `dormant` and refuse.
 *
 * The strengths below it rest on the same lock, without taking it alone. An effect reads holds, dispersals and pauses in the
 * statement that reads the state, so after its own share: one that read them before their commit shares the lock at the
 * moment of the commit. `settleSharers` lists who shares it after that moment and waits until none of those does, so that
 * every effect which had not read the change is over; a later sharer reads it. A pause of one identity waits for the effects
 * of that identity alone, which each share a second lock in its name. Those that hang are ended, but for a hold, which lets
 * what has begun come to its end. Calls to the outside of who is paused or dispersed begin no more and are aborted as above.
 */
export function createFence({ platform, listener }: { platform: Platform; listener: Listener }): Fence {
  const { store, log, clock } = platform
  const inFlight = createInFlight(platform)
  const acknowledgements = createAcknowledgements(platform, listener)
  let known: FenceRow | undefined
  let timer: NodeJS.Timeout | undefined

  /** Every change spends a version, so calls that began under an older one than the last stop's began before that stop. */
  const learn = (row: FenceRow): void => {
    if (known && Number(known.version) > Number(row.version)) return
    known = row
    inFlight.abortBefore(Number(row.stopped_version))
  }
  const look = async (within = store.withinReserved): Promise<void> => {
    const { fence, stopOf } = await within({ service: 'fence' }, findStoppedWork)
    if (fence) learn(fence)
    inFlight.abortStopped(stopOf)
  }
  let looking: 'no' | 'yes' | 'again' = 'no'
  let drained = ''
  /** Notices that come while it looks are one more look: a flood of pauses keeps the reserved connection free for a stop. */
  const lookOrLog = (): void => {
    if (looking !== 'no') looking = 'again'
    else void lookUntilSeen()
  }
  async function lookUntilSeen(): Promise<void> {
    do {
      looking = 'yes'
      const stop = drained
      await look().then(() => acknowledgements.give(stop)).catch((error: unknown) => { log.warn({ error }, 'the fence could not be read') })
    } while ((looking as string) === 'again')
    looking = 'no'
  }
  /** What was heard of a stop before nothing was in flight is acknowledged only by a look after that. */
  const hear = (notice: string): void => {
    drained = drainedVersion(notice) ?? drained
    lookOrLog()
  }

  /** One change after the other: the row is locked before it is looked at. The row as it is then, whether it changed or not. */
  const change = (alter: FenceMove['alter']): Promise<FenceRow> => store.withinReserved({ service: 'fence' }, async (tx) => {
    const before = await lockFence(tx.db).executeTakeFirstOrThrow()
    const row = await alter(tx, before)
    if (row) tx.atClose(() => notifyFence(row.version).compile(tx.db))
    return row ?? before
  })
  /** Asks nothing first: its own update locks the row, and every trip less is time that something still happens in. */
  const stopAll = ({ reason, by, announce }: FenceChange): Promise<FenceRow> => store.withinReserved({ service: 'fence' }, async (tx) => {
    const [row] = await tx.send(closeFence(tx.db, { reason, by, at: clock.now() }))
    if (!row) return readFence(tx.db).executeTakeFirstOrThrow()
    await announce(tx, row, row)
    tx.atClose(() => notifyFence(row.version).compile(tx.db))
    return row
  })
  type Setting = (tx: Tx, set: { by: string; reason: string | null; at: Date }) => Promise<FenceRow[]>
  const told = ({ reason, by, announce }: FenceChange, set: Setting): FenceMove['alter'] => async (tx, before) => {
    const [row] = await set(tx, { reason, by, at: clock.now() })
    if (row) await announce(tx, row, before)
    return row
  }
  const move = async ({ alter, wait }: FenceMove): Promise<void> => {
    await change(alter)
    if (wait) await settleSharers(store.withinReserved, wait)
    await look()
  }
  const pause: Fence['pause'] = async ({ alter, wait }) => {
    const altered = await store.within({ service: 'fence' }, async (tx) => {
      const result = await alter(tx)
      tx.atClose(() => notifyFence('pause').compile(tx.db))
      return result
    })
    if (wait) await settleSharers(store.within, wait)
    await look(store.within)
    return altered
  }

  listener.on(FENCE_CHANNEL, hear)
  listener.onUp(lookOrLog)

  return {
    inFlight, move, pause,
    known: () => known,
    async close(given) {
      const row = await stopAll(given)
      learn(row) // What hangs ends now; what began in the race is ended by the second time, after which nothing begins.
      const { listeners } = await drain(store, row.version)
      learn(row)
      await acknowledgements.wait(row.version, listeners)
    },
    async open(given) { learn(await change(told(given, thaw))) },
    hold: (given) => move({ alter: told(given, (tx, set) => tx.send(holdWork(tx.db, set))), wait: { identityId: null, end: false } }),
    resume: (given) => move({ alter: told(given, (tx) => tx.send(resumeWork(tx.db))), wait: null }),
    async start() {
      await store.reserve()
      await look()
      timer = setInterval(() => { if (!listener.isUp()) lookOrLog() }, POLL_MS).unref()
    },
    stop: () => { clearInterval(timer) },
  }
}

/** Nothing that waits for approval ages while the system is dormant: approving was not possible. */
async function thaw(tx: Tx, set: { by: string; reason: string | null; at: Date }): Promise<FenceRow[]> {
  const before = await readFence(tx.db).executeTakeFirstOrThrow()
  const opened = await tx.send(openFence(tx.db, set))
  if (opened.length > 0 && before.state !== 'operational') await tx.send(thawCheckpoints(tx.db, { stoppedAt: before.since, at: set.at }))
  return opened
}
