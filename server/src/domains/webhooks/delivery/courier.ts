import { randomInt } from 'node:crypto'
import { setTimeout as delay } from 'node:timers/promises'
import PQueue from 'p-queue'
import type { WebhookAnswer, WebhookClient } from '../../../adapters/webhooks/post-webhook.ts'
import type { Platform } from '../../../platform/ctx.ts'
import { isProblem } from '../../../platform/errors.ts'
import type { InFlight } from '../../governance/fence/in-flight.ts'
import { claimDue, type Room } from './claim-due.ts'
import type { SecretKeeper } from '../keep-secret.ts'
import type { DueRow, HeaderRow, Outcome } from '../queries.ts'
import { outcomeOf, settle } from './settle.ts'

/** The worker of this node that takes deliveries to their endpoints. */
export type Courier = {
  /** Something is due: look now. */
  wake(): void
  /** Delivers what is due, and waits for that. */
  sweep(): Promise<void>
  /** Begins nothing more, ends what is on its way, and waits until all of it is written down. */
  stop(): Promise<void>
}

export type CourierParts = {
  platform: Platform
  client: Pick<WebhookClient, 'post'>
  inFlight: Pick<InFlight, 'start'>
  secrets: SecretKeeper
  /** Puts the scheme's headers on a body; of adapters/webhooks. */
  sign(signed: { id: string; timestamp: number; body: string }, secrets: string[]): Record<string, string>
}

/** Calls at once; one waits for its receiver and holds no connection to the database meanwhile. */
const LANES = 256
/** How many of them endpoints may hold whose last attempt failed: those that hang leave the others room. */
const FAILING_LANES = 64
/** Transactions of deliveries at once: hundreds that end together leave the pool to those who wait for an answer. */
const TRANSACTIONS = 3
const SETTLE_TRIES = 20
const SETTLE_GAP_MS = 250
const REST_AFTER_FAULT_MS = 1_000
/** Sooner ones are waited for here; later ones are found by the minute's sweep. */
const TIMER_MAX_MS = 60_000

type Timed = WebhookAnswer & { durationMs: number }
type Way = { webhookId: string; failing: boolean; done: Promise<void> }

export function createCourier({ platform, client, inFlight, secrets, sign }: CourierParts): Courier {
  const ways = new Set<Way>()
  const resting = new Map<string, Date>()
  const timers = new Set<NodeJS.Timeout>()
  const stopping = new AbortController()
  const database = new PQueue({ concurrency: TRANSACTIONS })
  let wanted = false
  let busy = false
  let running: Promise<void> = Promise.resolve()

  function wake(): void {
    if (stopping.signal.aborted) return
    wanted = true
    if (!busy) running = work()
  }

  function wakeIn(ms: number): void {
    if (stopping.signal.aborted || ms > TIMER_MAX_MS) return
    const timer = setTimeout(() => {
      timers.delete(timer)
      wake()
    }, ms).unref()
    timers.add(timer)
  }

  /** `wanted` is looked at in the very step that ends the work, so that no wake falls between the two. */
  async function work(): Promise<void> {
    busy = true
    try {
      while (wanted && !stopping.signal.aborted) {
        wanted = false
        if (await beginSome() > 0) wanted = true
      }
    } catch (error) {
      platform.log.error({ error }, 'the webhooks could not be worked on')
      wakeIn(REST_AFTER_FAULT_MS)
    } finally {
      busy = false
    }
  }

  async function beginSome(): Promise<number> {
    const room = roomNow()
    if (room.free <= 0) return 0
    const { rows, rests } = await claimDue(platform, room)
    const now = platform.clock.now().getTime()
    for (const { identityId, until } of rests) {
      resting.set(identityId, until)
      wakeIn(until.getTime() - now)
    }
    for (const row of rows) begin(row)
    return rows.length + rests.length
  }

  function roomNow(): Room {
    const now = platform.clock.now()
    for (const [identityId, until] of resting) if (until <= now) resting.delete(identityId)
    const failing = [...ways].filter((way) => way.failing).length
    return { free: LANES - ways.size, busy: [...ways].map(({ webhookId }) => webhookId), resting: [...resting.keys()], failing: failing < FAILING_LANES }
  }

  function begin(row: DueRow): void {
    const way: Way = { webhookId: row.webhook_id, failing: row.failures > 0, done: Promise.resolve() }
    ways.add(way)
    way.done = carry(row).catch((error: unknown) => {
      // What came of it is not known to the database: its lease ends, and it is delivered again under its id.
      platform.log.error({ error, delivery: row.id }, 'a delivery could not be settled')
    }).finally(() => {
      ways.delete(way)
      wake()
    })
  }

  async function carry(row: DueRow): Promise<void> {
    const { durationMs, ...answer } = await post(row)
    const now = platform.clock.now()
    const outcome = outcomeOf(answer, { attempt: row.attempts, now, chance: randomInt(1_000) / 1_000, durationMs })
    await settleSurely(row, outcome)
    if (outcome.status === 'waiting' && answer.fault !== 'stopped') wakeIn(outcome.nextAttemptAt.getTime() - now.getTime())
  }

  /** What is known is not given up to a database that is away for a moment: else its receiver would hear it twice. */
  async function settleSurely(row: DueRow, outcome: Outcome): Promise<void> {
    for (let tries = 1; ; tries += 1) {
      try {
        return await database.add(() => settle(platform, row, outcome))
      } catch (error) {
        if (tries >= SETTLE_TRIES) throw error
        await delay(SETTLE_GAP_MS)
      }
    }
  }

  /** The call begins only while the fence is shared, and ends when the kill-switch is pulled. */
  async function post(row: DueRow): Promise<Timed> {
    const { answer } = await database.add(() => start(row))
    try {
      return await answer
    } catch (error) {
      // Dormant, or the database is away: nothing was sent for good, and it is due again when that is over.
      const known = isProblem(error)
      if (!known) platform.log.error({ error, delivery: row.id }, 'a delivery could not begin')
      return { delivered: false, status: null, fault: known ? 'stopped' : 'fault', text: '', durationMs: 0 }
    }
  }

  /** Settles once the call has begun or cannot begin: while it lasts it holds no transaction. */
  const start = (row: DueRow): Promise<{ answer: Promise<Timed> }> => new Promise((resolve) => {
    const answer = inFlight.start(async (stopped) => {
      resolve({ answer })
      const begun = performance.now()
      const said = await client.post({ url: row.url, body: row.body, headers: headersOf(row) }, stopped)
      return { ...said, durationMs: performance.now() - begun }
    }, stopping.signal)
    answer.catch(() => { resolve({ answer }) })
  })

  function headersOf(row: DueRow): Record<string, string> {
    const now = platform.clock.now()
    const old = row.old_secret !== null && row.old_secret_until !== null && row.old_secret_until > now ? [row.old_secret] : []
    const valid = [row.secret, ...old].map((kept) => secrets.open(row.webhook_id, kept))
    const configured = Object.fromEntries((row.headers as HeaderRow[]).map(({ name, value }) => [name.toLowerCase(), value]))
    return { ...configured, ...sign({ id: row.id, timestamp: Math.floor(now.getTime() / 1_000), body: row.body }, valid) }
  }

  const idle = async (): Promise<void> => {
    await running
    await Promise.all([...ways].map(({ done }) => done))
    if (busy || ways.size > 0) await idle()
  }

  return {
    wake,
    async sweep() {
      wake()
      await idle()
    },
    async stop() {
      stopping.abort()
      for (const timer of timers) clearTimeout(timer)
      await idle()
    },
  }
}
