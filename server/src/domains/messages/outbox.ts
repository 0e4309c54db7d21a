import type { Mailer } from '../../adapters/mail/mailer.ts'
import type { Platform } from '../../platform/ctx.ts'
import { createWorkers, type Workers } from '../../platform/jobs/workers.ts'
import type { InFlight } from '../governance/fence/in-flight.ts'
import { deliverNext } from './deliver-next.ts'
import { endLost } from './settle.ts'

/** The workers of this node that take e-mails from the outbox to the mail server; a stop ends what has not handed over its text yet. */
export type Outbox = Workers

/** `mailer` null: nothing is delivered, and what waits from a time when there was one waits on. */
export type OutboxParts = { platform: Platform; mailer: Mailer | null; inFlight: Pick<InFlight, 'start'> }

export function createOutbox({ platform, mailer, inFlight }: OutboxParts): Outbox {
  const workers = createWorkers({
    most: 4, log: platform.log, fault: 'the outbox could not be worked on',
    takeNext: async (signal) => mailer !== null && await deliverNext(platform, { mailer, inFlight, signal }),
  })
  return {
    ...workers,
    /** Ends what was lost, delivers what is due, and waits for that. */
    async sweep() {
      while (await endLost(platform) > 0);
      await workers.sweep()
    },
  }
}
