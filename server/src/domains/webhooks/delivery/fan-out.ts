import type { Tx } from '../../../platform/db/store.ts'
import type { CommittedEvent } from '../../../platform/events/event.ts'
import { newId } from '../../../platform/ids.ts'
import { bodyOf } from './delivery-body.ts'
import { insertDeliveries, listHearing } from '../queries.ts'

const BATCH = 500
const FIRST_ID = '00000000-0000-0000-0000-000000000000'

/**
 * Writes a delivery of an event for each endpoint that hears it, in the follower's transaction: a delivery exists when, and
 * only when, the follower has passed the event. `wake` rings once that is durable.
 */
export const fanOut = (wake: () => void, now: () => Date) => async (tx: Tx, event: CommittedEvent): Promise<void> => {
  if (isMuted(event)) return
  let after = FIRST_ID
  for (let full = true; full;) {
    const hearing = await tx.send(listHearing(tx.db, event, { after, limit: BATCH }))
    full = hearing.length === BATCH
    after = hearing.at(-1)?.id ?? after
    const rows = hearing.filter(({ identity_id }) => isTold(event, identity_id)).map(({ id, identity_id }) => ({
      id: newId(), webhookId: id, identityId: identity_id, eventId: event.id, eventName: event.name, body: bodyOf(event), at: now(),
    }))
    if (rows.length === 0) continue
    await tx.send(insertDeliveries(tx.db, rows))
    tx.afterCommit(wake)
  }
}

/** A person may want a kind of notification elsewhere, but not here. */
const isMuted = ({ name, data }: CommittedEvent): boolean => name === 'notification.created' && data.webhook === false

/** A notification is told to the account, and to the endpoints of the identity that it is about. */
const isTold = ({ name, data }: CommittedEvent, identityId: string): boolean => name !== 'notification.created' || typeof data.identity_id !== 'string' || data.identity_id === identityId
