import type { Domain } from '../../platform/domain.ts'
import type { Desk } from './desk.ts'
import { accountJobs } from './jobs.ts'
import { accountRoutes } from './routes.ts'

export const accountsDomain = (desk: Desk): Domain => ({
  name: 'accounts', tables: ['users', 'sessions', 'refresh_tokens', 'factors', 'recovery_codes', 'sign_in_challenges', 'email_changes', 'mailed_tokens', 'letters', 'passkeys', 'passkey_challenges', 'external_accounts', 'spent_flows'],
  uses: ['audit', 'governance', 'identities'], reads: ['identities'],
  actions: [], routes: accountRoutes(desk), jobs: accountJobs(desk),
})
