import { isProblem } from '../../../platform/errors.ts'
import { RateLimited } from '../../../platform/problems.ts'
import type { Desk, Visit } from '../desk.ts'
import { readAddress } from '../email-key.ts'
import { ensureLinks, writeLetter } from '../letters/write-letter.ts'
import { findReceiver } from '../queries.ts'

/**
 * Has a link to set a new password mailed, and answers the same, after the same work, for an address that nobody has. More
 * than three an hour for one address are dropped without a word: a stranger neither floods a box nor learns whose it is,
 * and the links that were mailed keep working. Throws NotConfigured; RateLimited for a network address that asks too often.
 */
export async function requestReset(desk: Desk, visit: Visit, email: string): Promise<void> {
  ensureLinks(desk.platform.settings)
  await desk.throttle.take('reset_address', visit.address)
  const emailKey = readAddress(email)?.key ?? email.toLowerCase()
  const isWanted = await desk.throttle.take('reset_mail', emailKey).then(() => true, (error: unknown) => {
    if (isProblem(error, RateLimited)) return false
    throw error
  })
  await desk.platform.store.within({ service: 'sign-in' }, async (tx) => {
    const [account] = await tx.send(findReceiver(tx.db, emailKey))
    writeLetter(desk, tx, { userId: isWanted && account ? account.user_id : null, kind: 'reset_password', language: visit.language })
  })
}
