import type { Domain } from '../../platform/domain.ts'

/** A job alone: `emptyBin` runs once a day. */
export const bin: Domain = { name: 'bin', tables: [], uses: ['audit', 'notes', 'tasks', 'contacts', 'threads'], reads: ['identities'], actions: [], routes: [] }
