import type { AnyAction } from '../../platform/action.ts'
import type { Domain } from '../../platform/domain.ts'
import type { Desk } from './desk.ts'
import { eraseData } from './erasure/erase-data.ts'
import { accountRoutes } from './routes.ts'

export function accountsDomain(desk: Desk): Domain {
  const erase = eraseData(desk)
  return {
    name: 'accounts', tables: ['users', 'sessions', 'refresh_tokens'], uses: ['audit', 'governance', 'identities'], reads: ['identities'],
    actions: [erase] as unknown as AnyAction[], routes: accountRoutes(desk, erase),
  }
}
