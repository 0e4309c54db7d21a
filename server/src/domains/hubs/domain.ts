import type { AnyAction } from '../../platform/action.ts'
import type { Domain } from '../../platform/domain.ts'
import { gotoContext } from './goto-context.ts'
import { routes } from './routes.ts'

export const hubsDomain: Domain = {
  name: 'hubs', tables: ['hub_states'], uses: ['spheres'], reads: ['threads'], actions: [gotoContext] as unknown as AnyAction[], routes,
}
