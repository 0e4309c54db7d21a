import { defineAction } from '../../platform/action.ts'
import { Nothing, ReadAll } from './contract.ts'
import { markAllRead } from './queries.ts'

/** Marks every notification of the person as read. */
export const readAll = defineAction({
  name: 'notifications.read_all', effect: 'UPDATE', reversible: false, keys: false, input: Nothing, output: ReadAll,
  title: { en: 'Mark all notifications as read', fr: 'Marquer toutes les notifications comme lues' },
  summary: () => ({ en: 'Mark all notifications as read', fr: 'Marquer toutes les notifications comme lues' }),
  async run(tx) {
    return { read: (await tx.send(markAllRead(tx.db, tx.userId, tx.now()))).length }
  },
})
