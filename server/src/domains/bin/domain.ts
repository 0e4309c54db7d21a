import type { Platform } from '../../platform/ctx.ts'
import type { Domain } from '../../platform/domain.ts'
import { binJobs } from './jobs.ts'

/** A job alone: `emptyBin` runs once a day. */
export const bin = (platform: Platform): Domain => ({ name: 'bin', tables: [], uses: ['audit', 'notes', 'tasks', 'contacts', 'threads'], reads: ['identities'], actions: [], routes: [], jobs: binJobs(platform) })
