import { defineAction } from '../../platform/action.ts'
import { NotFound } from '../../platform/problems.ts'
import { NotificationKey, NotificationView } from './contract.ts'
import { presentNotification } from './present.ts'
import { findNotification, markRead } from './queries.ts'

/** Marks a notification as read; once read it stays so. */
export const readNotification = defineAction({
  name: 'notifications.read', effect: 'UPDATE', reversible: false, keys: false, input: NotificationKey, output: NotificationView,
  title: { en: 'Mark a notification as read', fr: 'Marquer une notification comme lue' },
  summary: ({ notification_id }) => ({ en: `Mark notification ${notification_id} as read`, fr: `Marquer la notification ${notification_id} comme lue` }),
  touches: ({ notification_id }) => [{ type: 'notification', id: notification_id }],
  async run(tx, { notification_id }) {
    const [row] = await tx.send(markRead(tx.db, tx.userId, notification_id, tx.now()))
    const found = row ?? await findNotification(tx.db, tx.userId, notification_id).executeTakeFirst()
    if (!found) throw NotFound()
    return presentNotification(found, 'en')
  },
})
