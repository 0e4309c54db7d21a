import type { Platform } from '../../platform/ctx.ts'
import type { Domain } from '../../platform/domain.ts'
import { webhookJobs } from './jobs.ts'
import type { Means } from './means.ts'
import { webhookRoutes } from './routes.ts'

export function webhooks(platform: Platform, means: Means): Domain {
  const { actions, routes } = webhookRoutes(means)
  return { name: 'webhooks', tables: ['webhooks', 'webhook_deliveries', 'webhook_pace'], uses: ['audit', 'governance'], actions, routes, jobs: webhookJobs(platform, means.courier) }
}
