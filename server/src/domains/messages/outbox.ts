import { setTimeout as delay } from 'node:timers/promises'
import type { Mailer } from '../../adapters/mail/mailer.ts'
import type { Platform } from '../../platform/ctx.ts'
import type { InFlight } from '../governance/fence/in-flight.ts'
import { deliverNext } from './deliver-next.ts'
import { endLost } from './settle.ts'

/** The worker of this node that takes e-mails from the outbox to the mail server. */
export type Outbox = {
  /** A row was committed: look now. */
  wake(): void
  /** Ends what was lost, delivers what is due, and waits for that. */
  sweep(): Promise<void>
  /** Takes no more, ends what has not handed over its text yet, and waits until all of it is written down. */
  stop(): Promise<void>
}

/** `mailer` null: nothing is delivered, and what waits from a time when there was one waits on. */
export type OutboxParts = { platform: Platform; mailer: Mailer | null; inFlight: Pick<InFlight, 'start'> }

const LANES = 4
const REST_AFTER_FAULT_MS = 1_000

export function createOutbox({ platform, mailer, inFlight }: OutboxParts): Outbox {
  const lanes = new Set<Promise<void>>()
  const stopping = new AbortController()
  let again = false

  function wake(): void {
    if (!mailer || stopping.signal.aborted) return
    // A lane that is about to end may have looked before this row's commit, hence `again`.
    if (lanes.size >= LANES) again = true
    else {
      const lane: Promise<void> = run(mailer).finally(() => { lanes.delete(lane) })
      lanes.add(lane)
    }
  }

  async function run(by: Mailer): Promise<void> {
    try {
      do {
        again = false
        while (await deliverNext(platform, { mailer: by, inFlight, signal: stopping.signal })) wake()
      } while (again)
    } catch (error) {
      platform.log.error({ error }, 'the outbox could not be worked on')
      await delay(REST_AFTER_FAULT_MS, undefined, { signal: stopping.signal, ref: false }).catch(() => {})
    }
  }

  return {
    wake,
    async sweep() {
      while (await endLost(platform) > 0);
      wake()
      while (lanes.size > 0) await Promise.all(lanes)
    },
    async stop() {
      stopping.abort()
      await Promise.all(lanes)
    },
  }
}
