import { page, toPage } from '../../platform/http/page.ts'
import { read, write, type Route } from '../../platform/http/route.ts'
import { refuseMissing } from '../governance/refuse-missing.ts'
import { changePreferences } from './change-preferences.ts'
import { ListNotifications, NotificationKey, NotificationView, PreferencesView, UnreadCount } from './contract.ts'
import { presentNotification, presentPreferences } from './present.ts'
import { countUnread, findNotification, findPreferences, listNotifications } from './queries.ts'
import { readAll } from './read-all.ts'
import { readNotification } from './read-notification.ts'

const COUNTED_MAX = 1_000

export const routes: Route[] = [
  read('GET /notifications', {
    summary: 'List your notifications, newest first', input: ListNotifications, output: page(NotificationView),
    run: async (ctx, q) => toPage(
      await ctx.tx.send(listNotifications(ctx.db, ctx.caller.userId, { unread: q.unread === 'true', kind: q.kind, limit: q.limit, before: ctx.platform.cursors.decode(q.cursor) })),
      { limit: q.limit, cursors: ctx.platform.cursors, keyOf: (row) => row.id, present: (row) => presentNotification(row, ctx.language) },
    ),
  }),
  read('GET /notifications/unread-count', {
    summary: 'Count your unread notifications, up to 1,000', output: UnreadCount,
    run: async (ctx) => {
      const [counted] = await ctx.tx.send(countUnread(ctx.db, ctx.caller.userId, COUNTED_MAX + 1))
      const count = Number(counted?.count ?? 0)
      return { unread: Math.min(count, COUNTED_MAX), more: count > COUNTED_MAX }
    },
  }),
  read('GET /notifications/preferences', {
    summary: 'By which ways you hear of what', output: PreferencesView,
    run: async (ctx) => presentPreferences((await ctx.tx.send(findPreferences(ctx.db, ctx.caller.userId)))[0]),
  }),
  read('GET /notifications/:notification_id', {
    summary: 'Get a notification', input: NotificationKey, output: NotificationView, problems: ['not_found', 'identity_boundary'],
    run: async (ctx, { notification_id }) => presentNotification(
      await findNotification(ctx.db, ctx.caller.userId, notification_id).executeTakeFirst() ?? await refuseMissing(ctx, { type: 'notification', id: notification_id }), ctx.language),
  }),
  write('PATCH /notifications/preferences', changePreferences),
  write('POST /notifications/read-all', readAll, { status: 200 }),
  write('POST /notifications/:notification_id/read', readNotification, { status: 200 }),
]
