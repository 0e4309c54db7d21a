import type { AnyAction } from '../../platform/action.ts'
import type { Domain } from '../../platform/domain.ts'
import type { Gate } from '../governance/gate.ts'
import { createKey } from './create-key.ts'
import type { KeyRing } from './key-ring.ts'
import { revokeKey } from './revoke-key.ts'
import { keyRoutes } from './routes.ts'

export function keys({ gate, ring }: { gate: Gate; ring: KeyRing }): Domain {
  const create = createKey(gate.actions)
  const revoke = revokeKey(ring)
  return {
    name: 'keys', tables: ['api_keys'], uses: ['audit', 'budgets', 'governance', 'accounts', 'spheres'], reads: ['sessions', 'users', 'identities'],
    actions: [create, revoke] as unknown as AnyAction[], routes: keyRoutes({ create, revoke }),
  }
}
