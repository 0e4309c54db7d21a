import type { AnyAction } from '../../platform/action.ts'
import type { Domain } from '../../platform/domain.ts'
import type { Desk } from './desk.ts'
import { eraseData } from './erasure/erase-data.ts'
import { accountJobs } from './jobs.ts'
import { accountRoutes } from './routes.ts'

export function accountsDomain(desk: Desk): Domain {
  const erase = eraseData(desk)
  return {
    name: 'accounts', tables: ['users', 'sessions', 'refresh_tokens', 'factors', 'recovery_codes', 'sign_in_challenges', 'email_changes', 'mailed_tokens', 'letters', 'passkeys', 'passkey_challenges', 'external_accounts', 'spent_flows'],
    uses: ['audit', 'governance', 'identities'], reads: ['identities'],
    actions: [erase] as unknown as AnyAction[], routes: accountRoutes(desk, erase), jobs: accountJobs(desk),
  }
}
