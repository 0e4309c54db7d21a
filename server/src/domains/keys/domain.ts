import type { AnyAction } from '../../platform/action.ts'
import type { Domain } from '../../platform/domain.ts'
import type { Gate } from '../governance/gate.ts'
import { createKey } from './create-key.ts'
import { revokeKey } from './revoke-key.ts'
import { keyRoutes } from './routes.ts'

export function keys({ actions }: Gate): Domain {
  const create = createKey(actions)
  return {
    name: 'keys', tables: ['api_keys'], uses: ['audit', 'budgets', 'governance', 'accounts', 'spheres'], reads: ['sessions', 'users', 'identities'],
    actions: [create, revokeKey] as unknown as AnyAction[], routes: keyRoutes(create),
  }
}
