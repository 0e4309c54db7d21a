import type { AnyAction } from '../../platform/action.ts'
import type { Domain } from '../../platform/domain.ts'
import { archiveIdentity } from './archive-identity.ts'
import { createIdentity } from './create-identity.ts'
import { restoreIdentity } from './restore-identity.ts'
import { routes } from './routes.ts'
import { updateIdentity } from './update-identity.ts'

export const identities: Domain = {
  name: 'identities', tables: ['identities'], uses: ['governance'],
  actions: [createIdentity, updateIdentity, archiveIdentity, restoreIdentity] as unknown as AnyAction[],
  routes,
}
