import type { Platform } from '../../platform/ctx.ts'
import type { Tx } from '../../platform/db/store.ts'
import { emit } from '../../platform/events/emit.ts'
import { newId, type IdentityId, type UserId } from '../../platform/ids.ts'
import { record } from '../audit/record.ts'
import { moveEffect, type MovedEffect } from '../governance/effects/move-effect.ts'
import { MessageFailed, MessageSent } from './events.ts'
import { loseOutbox, settleOutbox, type OutboxPayload, type OutboxRow } from './queries.ts'

/** `at`: when it was settled, or when the next attempt is due. */
export type Outcome = { status: 'sent' | 'waiting' | 'failed'; error: string | null; at: Date }

const LOST_MAX = 100

/**
 * Writes down what became of an attempt and tells its owner, in one commit. Nothing when the row is no longer that
 * attempt's. One that was taken for gone, comes back and did not send has failed: its owner may have asked anew since, so
 * it is not tried again behind their back.
 */
export async function settle({ store, clock }: Platform, row: OutboxRow, outcome: Outcome): Promise<void> {
  await store.within({ service: 'outbox' }, async (tx) => {
    const written = await write(tx, row, outcome) ?? (outcome.status === 'waiting' ? await write(tx, row, { ...outcome, status: 'failed' }) : undefined)
    if (written) await follow(tx, row, { outcome: written, now: clock.now() })
  })
}

async function write(tx: Tx, row: OutboxRow, outcome: Outcome): Promise<Outcome | undefined> {
  const [settled] = await tx.send(settleOutbox(tx.db, row, { ...outcome, sentAt: outcome.status === 'sent' ? outcome.at : null }))
  return settled && outcome
}

/** Ends the attempts whose worker is gone, at most 100 a call: how many. Nobody can say whether their mail left. */
export async function endLost({ store, clock }: Platform): Promise<number> {
  return store.within({ service: 'outbox' }, async (tx) => {
    const now = clock.now()
    const rows = await tx.send(loseOutbox(tx.db, now, LOST_MAX))
    // By identity, so that two nodes take the audit chains in one order.
    for (const row of rows.toSorted((a, b) => (a.identity_id < b.identity_id ? -1 : 1))) await follow(tx, row, { outcome: { status: 'failed', error: 'unknown', at: now }, now })
    return rows.length
  })
}

type Settled = { outcome: Outcome; now: Date }

/** The checkpoint of an approved mail moves with it (a person's own mail has none), and the owner is told how it ended. */
async function follow(tx: Tx, row: OutboxRow, { outcome, now }: Settled): Promise<void> {
  const moved = row.checkpoint_id === null ? undefined : await moveEffect(tx, { checkpointId: row.checkpoint_id, event: eventOf(outcome), now })
  if (outcome.status !== 'waiting') tell(tx, row, { outcome, now, moved })
}

function eventOf({ status, error }: Outcome): 'confirm' | 'put_back' | 'fail' | 'lose' {
  if (status === 'sent') return 'confirm'
  if (status === 'waiting') return 'put_back'
  return error === 'unknown' ? 'lose' : 'fail'
}

function tell(tx: Tx, row: OutboxRow, { outcome: { status, error }, now, moved }: Settled & { moved: MovedEffect | undefined }): void {
  const { message_id, user_id } = row.payload as OutboxPayload
  const theirs = { ...tx, identityId: row.identity_id as IdentityId, userId: user_id as UserId, now: () => now }
  const reason = error ?? ''
  if (status === 'sent') emit(theirs, MessageSent, { message_id, channel: 'email' })
  else emit(theirs, MessageFailed, { message_id, status: reason === 'unknown' ? 'unknown' : 'failed', reason })
  record(tx, { ...theirs, actor: { kind: 'system', id: 'outbox' }, via: 'system', requestId: newId() }, {
    action: `messages.${status === 'sent' ? 'delivered' : 'failed'}`, outcome: status === 'sent' ? 'done' : 'failed', effect: 'SEND',
    checkpointId: row.checkpoint_id, actionHash: moved?.actionHash, runId: moved?.runId,
    resource: { type: 'message', id: message_id }, details: { attempts: row.attempts, ...(error === null ? {} : { reason: error }) },
  })
}
