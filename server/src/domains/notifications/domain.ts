import type { AnyAction } from '../../platform/action.ts'
import type { Platform } from '../../platform/ctx.ts'
import type { Domain } from '../../platform/domain.ts'
import { changePreferences } from './change-preferences.ts'
import { notificationJobs } from './jobs.ts'
import type { Postman } from './mail/postman.ts'
import { readAll } from './read-all.ts'
import { readNotification } from './read-notification.ts'
import { routes } from './routes.ts'

export const notifications = (platform: Platform, postman: Postman): Domain => ({
  name: 'notifications', tables: ['notifications', 'notification_preferences'], uses: ['governance', 'accounts'], reads: ['checkpoints'],
  actions: [readNotification, readAll, changePreferences] as unknown as AnyAction[], routes, jobs: notificationJobs(platform, postman),
})
