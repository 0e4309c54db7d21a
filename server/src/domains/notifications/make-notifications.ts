import type { Platform } from '../../platform/ctx.ts'
import type { Tx } from '../../platform/db/store.ts'
import type { CommittedEvent } from '../../platform/events/event.ts'
import { emit } from '../../platform/events/emit.ts'
import { isUuid, newId, type UserId } from '../../platform/ids.ts'
import type { Bilingual } from '../../platform/text.ts'
import { NotificationCreated } from './events.ts'
import { kindOf, KINDS, waysOf, type Kind, type Ways } from './kinds.ts'
import { findPreferences, findSummary, insertNotification } from './queries.ts'

/** At most so many people hear of one event. */
const RECIPIENTS_MAX = 100

type Means = Pick<Platform, 'clock'> & { canMail: boolean; wakeMail(): void }

/**
 * Tells those whom an event concerns, in the follower's transaction: a notification exists when, and only when, the follower
 * has passed its event. The row, the live event and the e-mail that waits are one commit.
 */
export const makeNotifications = (means: Means) => async (tx: Tx, event: CommittedEvent): Promise<void> => {
  const kind = kindOf(event.name, event.data)
  if (!kind) return
  const ref = refOf(event.data)
  const body = await bodyOf(tx, ref, KINDS[kind])
  for (const userId of recipientsOf(event, KINDS[kind])) {
    const [chosen] = await tx.send(findPreferences(tx.db, userId))
    const ways = waysOf((chosen?.kinds ?? {}) as Record<string, Partial<Ways>>, kind)
    if (!ways.in_app && !ways.email && !ways.webhook) continue
    const at = means.clock.now()
    const mails = ways.email && means.canMail
    const [made] = await tx.send(insertNotification(tx.db, {
      id: newId(), userId, identityId: event.identityId, kind, title: KINDS[kind].title, body, link: linkOf(ref), refType: ref?.type ?? null, refId: ref?.id ?? null,
      eventId: event.id, inApp: ways.in_app, mailAt: mails ? at : null, at,
    }))
    if (!made) continue
    emit({ ...tx, identityId: null, userId, now: () => at }, NotificationCreated, {
      notification_id: made.id, kind, identity_id: event.identityId, ref_type: ref?.type ?? null, ref_id: ref?.id ?? null, in_app: ways.in_app, webhook: ways.webhook,
    })
    if (mails) tx.afterCommit(() => { means.wakeMail() })
  }
}

type Ref = { type: string; id: string } | null

function refOf(data: Record<string, unknown>): Ref {
  for (const [member, type] of [['checkpoint_id', 'checkpoint'], ['webhook_id', 'webhook'], ['session_id', 'session']] as const) {
    const id = data[member]
    if (typeof id === 'string' && isUuid(id)) return { type, id }
  }
  return null
}

const LINKS: Record<string, string> = { checkpoint: '/api/v2/governance/checkpoints/', webhook: '/api/v2/webhooks/' }

const linkOf = (ref: Ref): string | null => (ref && LINKS[ref.type] ? `${LINKS[ref.type]}${ref.id}` : null)

async function bodyOf(tx: Tx, ref: Ref, { otherwise }: Kind): Promise<Bilingual> {
  if (ref?.type !== 'checkpoint') return otherwise
  const [row] = await tx.send(findSummary(tx.db, ref.id))
  return row ? row.summary as Bilingual : otherwise
}

/** Whom the event names, which may be nobody; where it does not say, the person whose event it is. */
function recipientsOf({ userId, data }: CommittedEvent, { to }: Kind): UserId[] {
  const named = to === 'deciders' ? data.deciders : to === 'requester' ? data.requester : undefined
  const ids = (Array.isArray(named) ? named : [named]).filter((id): id is UserId => typeof id === 'string' && isUuid(id))
  if (ids.length > 0 || named === null || Array.isArray(named)) return [...new Set(ids)].slice(0, RECIPIENTS_MAX)
  return userId === null ? [] : [userId]
}
