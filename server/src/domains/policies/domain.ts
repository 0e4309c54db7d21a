import type { Domain } from '../../platform/domain.ts'

export const policies: Domain = { name: 'policies', tables: [], uses: [], actions: [], routes: [] }
