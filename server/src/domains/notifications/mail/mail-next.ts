import type { Delivery, Mail, Mailer } from '../../../adapters/mail/mailer.ts'
import type { Platform } from '../../../platform/ctx.ts'
import { isProblem } from '../../../platform/errors.ts'
import { newId } from '../../../platform/ids.ts'
import type { Bilingual } from '../../../platform/text.ts'
import { findSender } from '../../accounts/find-recipient.ts'
import { Dormant } from '../../governance/errors.ts'
import type { InFlight } from '../../governance/fence/in-flight.ts'
import { shareFence } from '../../governance/fence/share-fence.ts'
import { claimMail, findPreferences, listMailTimes, lockFirstToMail, lockToMail, loseMail, postponeMail, settleMail } from '../queries.ts'
import { writeLetter } from './write-letter.ts'

/** After so many e-mails in this time, what follows waits and comes together. */
export const MAILS_MAX = 5
export const WINDOW_MS = 10 * 60_000
/** Longer than the mailer's own limit: whoever still holds a claim then is gone. */
export const LEASE_MS = 60_000
const TOGETHER_MAX = 50
const ATTEMPTS_MAX = 8
const LOST_MAX = 100
const RETRY_FIRST_MS = 60_000

type Means = { mailer: Mailer; inFlight: Pick<InFlight, 'start'>; signal: AbortSignal }
type Claimed = { mail: Mail; attempts: number }

/**
 * Sends one person the e-mail of all that is due for them; false when nothing is due or the system is dormant.
 *
 * The claim is a commit of its own, made while the fence is shared: of two nodes one gets a person's rows, and none once the
 * kill-switch has answered. What may have left is never repeated: a worker that is gone leaves `unknown`, as a line that
 * broke in the middle does. The text is made here, of the rows; the queue holds ids.
 */
export async function mailNext(platform: Platform, { mailer, inFlight, signal }: Means): Promise<boolean> {
  if (signal.aborted) return false
  const claimed = await claim(platform)
  if (claimed === 'none') return false
  if (claimed === 'postponed') return true
  const delivery = await carry(claimed.mail, { mailer, inFlight, signal })
  const at = platform.clock.now()
  await platform.store.within({ service: 'notifications' }, (tx) => tx.send(settleMail(tx.db, claimed.mail.id, outcomeOf(delivery, claimed.attempts, at))))
  return true
}

async function claim({ store, clock }: Platform): Promise<Claimed | 'none' | 'postponed'> {
  return store.within({ service: 'notifications' }, async (tx) => {
    if (!await shareFence(tx)) return 'none'
    const now = clock.now()
    const [first] = await tx.send(lockFirstToMail(tx.db, now))
    if (!first) return 'none'
    const times = await tx.send(listMailTimes(tx.db, first.user_id, new Date(now.getTime() - WINDOW_MS), MAILS_MAX))
    const oldest = times[0]?.at
    if (times.length >= MAILS_MAX && oldest) {
      await tx.send(postponeMail(tx.db, first.user_id, new Date(oldest.getTime() + WINDOW_MS)))
      return 'postponed'
    }
    const [rows, [chosen], person] = await Promise.all([tx.send(lockToMail(tx.db, first.user_id, now, TOGETHER_MAX)), tx.send(findPreferences(tx.db, first.user_id)), findSender(tx, first.user_id)])
    const mailId = newId()
    await tx.send(claimMail(tx.db, rows.map(({ id }) => id), { mailId, at: now }))
    const letter = writeLetter(rows.map((row) => ({ title: row.title as Bilingual, body: row.body as Bilingual, at: row.created_at })), chosen?.language === 'fr' ? 'fr' : 'en')
    const to = { name: person?.name ?? null, address: person?.email ?? '' }
    return { mail: { id: mailId, to, ...letter, writtenAt: now }, attempts: Math.max(...rows.map((row) => row.mail_attempts)) + 1 }
  })
}

/** The call to the mail server begins only while the fence is shared, and ends when the kill-switch is pulled. */
async function carry(mail: Mail, { mailer, inFlight, signal }: Means): Promise<Delivery> {
  if (!mail.to.address) return { fate: 'refused', reason: 'gone' }
  try {
    return await inFlight.start((stopped) => mailer.send(mail, stopped), signal)
  } catch (error) {
    if (isProblem(error, Dormant)) return { fate: 'later', reason: 'stopped' }
    throw error
  }
}

function outcomeOf(delivery: Delivery, attempts: number, at: Date): { mail: 'sent' | 'waiting' | 'failed' | 'unknown'; at: Date } {
  if (delivery.fate === 'sent') return { mail: 'sent', at }
  if (delivery.fate === 'unknown') return { mail: 'unknown', at }
  if (delivery.fate === 'refused' || attempts >= ATTEMPTS_MAX) return { mail: 'failed', at }
  return { mail: 'waiting', at: delivery.reason === 'stopped' ? at : new Date(at.getTime() + RETRY_FIRST_MS * 3 ** (attempts - 1)) }
}

/** Ends the attempts whose worker is gone; how many notifications those were. */
export const endLost = async ({ store, clock }: Platform): Promise<number> =>
  (await store.within({ service: 'notifications' }, (tx) => tx.send(loseMail(tx.db, new Date(clock.now().getTime() - LEASE_MS), LOST_MAX)))).length
