import { setTimeout as delay } from 'node:timers/promises'
import type { Platform } from '../ctx.ts'
import type { Tx } from '../db/store.ts'
import { isProblem } from '../errors.ts'
import { DatabaseTimeout, ServiceUnavailable } from '../problems.ts'
import type { CommittedEvent } from './event.ts'
import { matcherOf, regexOf } from './pattern.ts'
import { listAhead, listLeft, moveCursor, openCursor, shareIdentities, takeCursor } from './queries.ts'
import { readEvent } from './read-event.ts'
import type { Relay } from './relay.ts'

export type Following = {
  platform: Platform
  relay: Pick<Relay, 'onEvent'>
  /** Names the place in the stream; the same on every node and for ever, such as `notifications`. */
  name: string
  /** Patterns of event names, such as `checkpoint.*`; `*` hears all. */
  patterns: string[]
  /**
   * Does in `tx` what the event asks for. The transaction has the scope of a service (`follow`): it sees rows of every
   * identity. Database work only: what goes outside is a row that a worker carries. It may be called again for an event
   * whose transaction did not commit, so it keeps nothing in memory.
   */
  react(tx: Tx, event: CommittedEvent): Promise<void>
  /** Puts into the record, in the transaction that passes it over, that an event could not be reacted to. */
  skipped(tx: Tx, event: CommittedEvent): void
}

/** A durable subscriber: it misses nothing while no node runs, and reacts once to each event. */
export type Follower = {
  /** Takes its place (at the newest event when it is new) and begins; what came while nobody ran is next. */
  start(): Promise<void>
  stop(): Promise<void>
  /** Looks now. */
  wake(): void
  /** Settles once this node finds nothing more that is due. */
  catchUp(): Promise<void>
}

const BATCH = 50
/** After so many failures in a row an event is passed over. */
export const FAILURES_MAX = 5
const RETRY_FIRST_MS = 1_000
const RETRY_FACTOR = 4
/** Another node holds the place: it takes what came, unless it ends; then we do. */
const BUSY_MS = 200
const FAULT_MS = 1_000
/** Finds what no wake told of. */
const SAFETY_MS = 5_000
/** So far may the place lag behind when nothing there concerns this follower, before it is moved for its own sake. */
const LAG_MAX = 1_000

/** `more`: look again at once. `busy`: another node is at it. `later`: an event failed and waits for its next try. */
type Pass = { found: 'more' | 'none' | 'busy' } | { found: 'later'; waitMs: number }

/**
 * Follows the committed events durably.
 *
 * Why each event is reacted to exactly once, on however many nodes: the place (`event_cursors`) is a row. A pass locks it,
 * reads the events after it, lets `react` work, and moves it, in one transaction: what a reaction wrote and the place that
 * says so commit together or not at all, whenever the process ends. Another node finds the row locked and looks again a
 * moment later; then it reads the moved place. Numbers have no gaps and become visible in order (relay.ts), so nothing
 * commits behind the place.
 *
 * An event that fails rolls its batch back; the events of that batch are then taken one by one, so that those before it
 * commit and it alone is tried again, after 1, 4, 16 and 64 s. The count is kept in the row, so a restart goes on with it.
 * At the fifth failure it is passed over, with a line in the log and an entry in the record (`skipped`). A database that is
 * away is nobody's failure and is not counted.
 */
export function follow({ platform, relay, name, patterns, react, skipped }: Following): Follower {
  const { store, clock, log } = platform
  const regexes = patterns.map(regexOf)
  const matchers = patterns.map(matcherOf)
  const stopping = new AbortController()
  let running: Promise<void> | undefined
  let busy = false
  let wanted = false
  let timer: NodeJS.Timeout | undefined
  let safety: NodeJS.Timeout | undefined
  let forget: () => void = () => {}

  function wake(): void {
    if (stopping.signal.aborted) return
    wanted = true
    if (!busy) running = work()
  }

  /** `wanted` is looked at in the very step that ends the work, so that no wake falls between the two. */
  async function work(): Promise<void> {
    busy = true
    try {
      while (wanted && !stopping.signal.aborted) {
        wanted = false
        const pass = await look()
        if (pass.found === 'more') wanted = true
        else if (pass.found === 'busy') await delay(BUSY_MS, undefined, { signal: stopping.signal, ref: false }).then(() => { wanted = true }, () => {})
        else if (pass.found === 'later') wakeIn(pass.waitMs)
      }
    } catch (error) {
      log.warn({ error, follower: name }, 'a pass of a follower failed')
      wakeIn(FAULT_MS)
    } finally {
      busy = false
    }
  }

  function wakeIn(ms: number): void {
    clearTimeout(timer)
    timer = setTimeout(wake, ms).unref()
  }

  /** A batch; when that fails, its first event alone, so that the one at fault is known. */
  async function look(): Promise<Pass> {
    try {
      return await pass(BATCH)
    } catch (error) {
      if (isAway(error)) throw error
    }
    let event: CommittedEvent | undefined
    try {
      return await pass(1, (only) => { event = only })
    } catch (error) {
      if (!event || isAway(error)) throw error
      return fail(event, error)
    }
  }

  const within = <T>(task: (tx: Tx) => Promise<T>): Promise<T> => store.within({ service: 'follow' }, task)

  const pass = (limit: number, onBegin?: (event: CommittedEvent) => void): Promise<Pass> => within(async (tx) => {
    const [place] = await tx.send(takeCursor(tx.db, name))
    if (!place) return { found: 'busy' }
    const waitMs = (place.next_attempt_at?.getTime() ?? 0) - clock.now().getTime()
    if (waitMs > 0) return { found: 'later', waitMs }
    const rows = await tx.send(listAhead({ after: place.seq, regexes, limit }).compile(tx.db))
    const events = rows.flatMap((row) => (row.id === null ? [] : [readEvent({ ...row, id: row.id })]))
    const full = events.length === limit
    const upTo = full ? String(events.at(-1)?.seq) : rows[0]?.last ?? place.seq
    if (events.length === 0 && Number(upTo) - Number(place.seq) < LAG_MAX) return { found: 'none' }
    const erased = await ofErased(tx, events)
    for (const event of events) {
      if (erased.has(event.id)) continue
      onBegin?.(event)
      await react(tx, event)
    }
    tx.atClose(() => moveCursor(tx.db, name, { seq: upTo, failures: 0, nextAttemptAt: null }))
    return { found: full ? 'more' : 'none' }
  })

  const fail = (event: CommittedEvent, error: unknown): Promise<Pass> => within(async (tx) => {
    const [place] = await tx.send(takeCursor(tx.db, name))
    // Another node was there meanwhile: it may have come past the event.
    if (!place || Number(place.seq) >= event.seq) return { found: 'more' }
    const failures = place.failures + 1
    const over = failures >= FAILURES_MAX
    log.error({ error, follower: name, event: event.name, seq: event.seq, failures }, over ? 'an event is passed over' : 'a reaction to an event failed')
    const waitMs = RETRY_FIRST_MS * RETRY_FACTOR ** (failures - 1)
    if (over) skipped(tx, event)
    tx.atClose(() => moveCursor(tx.db, name, over
      ? { seq: String(event.seq), failures: 0, nextAttemptAt: null }
      : { seq: place.seq, failures, nextAttemptAt: new Date(clock.now().getTime() + waitMs) }))
    return over ? { found: 'more' } : { found: 'later', waitMs }
  })

  return {
    wake,
    async start() {
      await within((tx) => tx.send(openCursor(name).compile(tx.db)))
      forget = relay.onEvent((event) => { if (matchers.some((matches) => matches(event.name))) wake() })
      safety = setInterval(wake, SAFETY_MS).unref()
      wake()
    },
    async stop() {
      stopping.abort()
      forget()
      clearTimeout(timer)
      clearInterval(safety)
      await running
    },
    async catchUp() {
      wake()
      for (let work = running; work; work = busy ? running : undefined) await work
    },
  }
}

/**
 * Those whose identity was erased since they were read, with its events: to react to them would write down again what was
 * destroyed. The lock is the one that all who work in an identity share and its erasure takes alone (store.ts), so an
 * erasure comes before this question or waits until what the reactions wrote is there to be erased.
 */
async function ofErased(tx: Tx, events: CommittedEvent[]): Promise<Set<string>> {
  const owned = events.filter(({ identityId }) => identityId !== null)
  if (owned.length === 0) return new Set()
  const [, left] = await Promise.all([
    tx.send(shareIdentities([...new Set(owned.map(({ identityId }) => String(identityId)))]).compile(tx.db)), tx.send(listLeft(tx.db, owned.map(({ id }) => id))),
  ])
  const there = new Set(left.map(({ id }) => id))
  return new Set(owned.map(({ id }) => id).filter((id) => !there.has(id)))
}

const isAway = (error: unknown): boolean =>
  isProblem(error, ServiceUnavailable) || isProblem(error, DatabaseTimeout) || /^(08|57|53)/.test((error as { code?: string } | null)?.code ?? '') || /Connection terminated|Query read timeout/.test(error instanceof Error ? error.message : '')
