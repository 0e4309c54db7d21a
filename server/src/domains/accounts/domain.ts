import type { Domain } from '../../platform/domain.ts'
import type { Desk } from './desk.ts'
import { accountRoutes } from './routes.ts'

export const accountsDomain = (desk: Desk): Domain => ({
  name: 'accounts', tables: ['users', 'sessions', 'refresh_tokens'], uses: ['audit', 'governance', 'identities'], reads: ['identities'],
  actions: [], routes: accountRoutes(desk),
})
