import type { AnyAction } from '../../platform/action.ts'
import type { Domain } from '../../platform/domain.ts'
import { routes } from './routes.ts'
import { transferRecord } from './transfer-record.ts'

export const records: Domain = {
  name: 'records', tables: ['record_versions'], uses: ['audit', 'governance', 'identities', 'spheres', 'notes', 'tasks', 'threads'],
  actions: [transferRecord] as unknown as AnyAction[],
  routes,
}
