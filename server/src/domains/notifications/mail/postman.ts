import type { Mailer } from '../../../adapters/mail/mailer.ts'
import type { Platform } from '../../../platform/ctx.ts'
import type { InFlight } from '../../governance/fence/in-flight.ts'
import { endLost, mailNext } from './mail-next.ts'

/** The worker of this node that takes notifications to the mail server. */
export type Postman = {
  /** False: there is no mail server, and nothing is left waiting for one. */
  canMail: boolean
  /** Rows were committed: look now. */
  wake(): void
  /** Ends what was lost, sends what is due, and waits for that. */
  sweep(): Promise<void>
  stop(): Promise<void>
}

export function createPostman({ platform, mailer, inFlight }: { platform: Platform; mailer: Mailer | null; inFlight: Pick<InFlight, 'start'> }): Postman {
  const stopping = new AbortController()
  let wanted = false
  let busy = false
  let running: Promise<void> = Promise.resolve()

  /** One at a time is enough: what comes together goes together. */
  async function work(by: Mailer): Promise<void> {
    busy = true
    try {
      while (wanted && !stopping.signal.aborted) wanted = await mailNext(platform, { mailer: by, inFlight, signal: stopping.signal })
    } catch (error) {
      platform.log.error({ error }, 'the notifications could not be mailed')
    } finally {
      busy = false
    }
  }

  function wake(): void {
    if (!mailer || stopping.signal.aborted) return
    wanted = true
    if (!busy) running = work(mailer)
  }

  return {
    canMail: mailer !== null, wake,
    async sweep() {
      while (await endLost(platform) > 0);
      wake()
      await running
    },
    async stop() {
      stopping.abort()
      await running
    },
  }
}
