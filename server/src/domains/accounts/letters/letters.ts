import type { Mailer } from '../../../adapters/mail/mailer.ts'
import type { Platform } from '../../../platform/ctx.ts'
import { createWorkers, type Workers } from '../../../platform/jobs/workers.ts'
import { deliverLetter } from './deliver-letter.ts'

/** The workers of this node that take letters to the mail server. */
export type Letters = Workers

/** `mailer` null: nothing is sent, and what waits from a time when there was one waits on. */
export const createLetters = (platform: Platform, mailer: Mailer | null): Letters => createWorkers({
  most: 2, log: platform.log, fault: 'letters could not be sent',
  takeNext: async (signal) => mailer !== null && await deliverLetter(platform, mailer, signal),
})
