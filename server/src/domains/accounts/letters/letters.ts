import { setTimeout as delay } from 'node:timers/promises'
import type { Mailer } from '../../../adapters/mail/mailer.ts'
import type { Platform } from '../../../platform/ctx.ts'
import { deliverLetter } from './deliver-letter.ts'

/** The worker of this node that takes letters to the mail server. */
export type Letters = {
  /** A letter was committed: look now. */
  wake(): void
  /** Sends what is due, and waits for that. */
  sweep(): Promise<void>
  /** Takes no more, and waits until what is on its way is written down. */
  stop(): Promise<void>
}

const LANES = 2
const REST_AFTER_FAULT_MS = 1_000

/** `mailer` null: nothing is sent, and what waits from a time when there was one waits on. */
export function createLetters(platform: Platform, mailer: Mailer | null): Letters {
  const lanes = new Set<Promise<void>>()
  const stopping = new AbortController()
  let again = false

  function wake(): void {
    if (!mailer || stopping.signal.aborted) return
    // A lane that is about to end may have looked before this letter's commit, hence `again`.
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
        while (await deliverLetter(platform, by, stopping.signal));
      } while (again)
    } catch (error) {
      platform.log.error({ error }, 'letters could not be sent')
      await delay(REST_AFTER_FAULT_MS, undefined, { signal: stopping.signal, ref: false }).catch(() => {})
    }
  }

  return {
    wake,
    async sweep() {
      wake()
      while (lanes.size > 0) await Promise.all(lanes)
    },
    async stop() {
      stopping.abort()
      await Promise.all(lanes)
    },
  }
}
