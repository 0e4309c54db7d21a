import type { Mailer } from '../../../adapters/mail/mailer.ts'
import type { Platform } from '../../../platform/ctx.ts'
import { createWorkers, type Workers } from '../../../platform/jobs/workers.ts'
import type { InFlight } from '../../governance/fence/in-flight.ts'
import { endLost, mailNext } from './mail-next.ts'

/** The worker of this node that takes notifications to the mail server. `canMail` false: there is none, and nothing is left waiting for one. */
export type Postman = Workers & { canMail: boolean }

export function createPostman({ platform, mailer, inFlight }: { platform: Platform; mailer: Mailer | null; inFlight: Pick<InFlight, 'start'> }): Postman {
  // One at a time is enough: what comes together goes together.
  const worker = createWorkers({
    most: 1, log: platform.log, fault: 'the notifications could not be mailed',
    takeNext: async (signal) => mailer !== null && await mailNext(platform, { mailer, inFlight, signal }),
  })
  return {
    ...worker,
    canMail: mailer !== null,
    /** Ends what was lost, sends what is due, and waits for that. */
    async sweep() {
      while (await endLost(platform) > 0);
      await worker.sweep()
    },
  }
}
