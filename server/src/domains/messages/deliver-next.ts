import { randomInt } from 'node:crypto'
import { setTimeout as delay } from 'node:timers/promises'
import type { Delivery, Mail, Mailer } from '../../adapters/mail/mailer.ts'
import type { Platform } from '../../platform/ctx.ts'
import type { Tx } from '../../platform/db/store.ts'
import { isProblem } from '../../platform/errors.ts'
import { findSender } from '../accounts/find-recipient.ts'
import { isActive, moveEffect } from '../governance/effects/move-effect.ts'
import { Dormant } from '../governance/errors.ts'
import type { InFlight } from '../governance/fence/in-flight.ts'
import { shareFence } from '../governance/fence/share-fence.ts'
import { claimOutbox, findMessage, type OutboxPayload, type OutboxRow } from './queries.ts'
import { retryDelayMs } from './retry-delay.ts'
import { settle, type Outcome } from './settle.ts'

/** Longer than the mailer's own limit: whoever still holds a claim then is gone. */
const LEASE_MS = 60_000
const ATTEMPTS_MAX = 8
const SETTLE_TRIES = 30
const SETTLE_GAP_MS = 250

type Means = { mailer: Mailer; inFlight: Pick<InFlight, 'start'>; signal: AbortSignal }

/**
 * Delivers one due e-mail; false when none is due or the system is dormant.
 *
 * Exactly once, as far as a mail server lets anyone know: the claim is a commit of its own, made while the fence is shared
 * and operational, so a row is with one worker at most and is claimed no more once the kill-switch has answered. A fault
 * before the text is known not to have sent it and is tried again; one in the middle, or a worker that never came back
 * (`endLost`), is `unknown`: told to the owner, and never repeated.
 */
export async function deliverNext(platform: Platform, { mailer, inFlight, signal }: Means): Promise<boolean> {
  if (signal.aborted) return false
  const claimed = await claim(platform)
  if (!claimed) return false
  const { row, mail } = claimed
  const delivery = mail ? await carry(mail, { mailer, inFlight, signal }) : { fate: 'refused', reason: 'gone' } as const
  await settleSurely(platform, row, outcomeOf(delivery, { attempt: row.attempts, now: platform.clock.now(), chance: randomInt(1_000) / 1_000 }))
  return true
}

async function claim({ store, clock }: Platform): Promise<{ row: OutboxRow; mail: Mail | undefined } | undefined> {
  return store.within({ service: 'outbox' }, async (tx) => {
    if (!await shareFence(tx)) return undefined
    const now = clock.now()
    const [row] = await tx.send(claimOutbox(tx.db, now, new Date(now.getTime() + LEASE_MS)))
    if (!row) return undefined
    const { message_id, user_id } = row.payload as OutboxPayload
    const [message, sender, fit] = await Promise.all([findMessage(tx.db, row.identity_id, message_id), findSender(tx, user_id), mayLeave(tx, row, now)])
    return { row, mail: !fit || !message || !sender ? undefined : {
      id: row.id, to: { name: message.peer_name, address: message.peer_address }, replyTo: { name: sender.name, address: sender.email },
      subject: message.subject, text: message.body, writtenAt: message.created_at,
    } }
  })
}

/**
 * Looks again just before anything leaves: an identity that was archived since, or a person who was shut out, sends nothing
 * more, and an approved mail leaves only while its checkpoint still intends it. The claim makes it `dispatched`.
 */
async function mayLeave(tx: Tx, { checkpoint_id: checkpointId, identity_id: identityId, payload }: OutboxRow, now: Date): Promise<boolean> {
  const [active, moved] = await Promise.all([
    isActive(tx, { identityId, userId: (payload as OutboxPayload).user_id }),
    checkpointId === null ? true : moveEffect(tx, { checkpointId, event: 'dispatch', now }),
  ])
  return active && moved !== undefined
}

/** The call to the mail server begins only while the fence is shared, and ends when the kill-switch is pulled. */
async function carry(mail: Mail, { mailer, inFlight, signal }: Means): Promise<Delivery> {
  try {
    return await inFlight.start((stopped) => mailer.send(mail, stopped), signal)
  } catch (error) {
    if (isProblem(error, Dormant)) return { fate: 'later', reason: 'stopped' }
    throw error
  }
}

/** What is known is not given up to a database that is away for a moment: it is written within the lease, or becomes `unknown`. */
async function settleSurely(platform: Platform, row: OutboxRow, outcome: Outcome): Promise<void> {
  for (let tries = 1; ; tries += 1) {
    try {
      return await settle(platform, row, outcome)
    } catch (error) {
      if (tries >= SETTLE_TRIES) throw error
      platform.log.warn({ error }, 'the outcome of a delivery could not be written yet')
      await delay(SETTLE_GAP_MS)
    }
  }
}

/** What an attempt leaves behind. One that we ended ourselves is due again at once; one that failed waits. */
export function outcomeOf(delivery: Delivery, { attempt, now, chance }: { attempt: number; now: Date; chance: number }): Outcome {
  if (delivery.fate === 'sent') return { status: 'sent', error: null, at: now }
  if (delivery.fate === 'unknown') return { status: 'failed', error: 'unknown', at: now }
  if (delivery.fate === 'refused' || attempt >= ATTEMPTS_MAX) return { status: 'failed', error: delivery.reason, at: now }
  const waitMs = delivery.reason === 'stopped' ? 0 : retryDelayMs(attempt, chance)
  return { status: 'waiting', error: delivery.reason, at: new Date(now.getTime() + waitMs) }
}
