import { z } from 'zod'
import { SphereInput } from '../spheres/contract.ts'

export const RECORD_TYPES = ['note', 'task', 'thread'] as const

export const TransferRecord = z.strictObject({
  type: z.enum(RECORD_TYPES),
  id: z.uuid(),
  sphere_id: SphereInput.optional().describe('The sphere that it goes to; it stays in its own when this is left out.'),
  identity_id: z.uuid().optional().describe('The identity of yours that it goes to.'),
})
export type TransferInput = z.output<typeof TransferRecord>

/** Where the record is now. */
export const Transferred = z.object({ type: z.enum(RECORD_TYPES), id: z.uuid(), sphere_id: z.int(), identity_id: z.uuid(), version: z.int() })

/** Kinds of records whose earlier versions are kept. */
export const VERSIONED_TYPES = ['note', 'task', 'contact', 'thread'] as const

export const ListVersions = z.strictObject({ type: z.enum(VERSIONED_TYPES), id: z.uuid(), limit: z.coerce.number().int().min(1).max(100).default(25) })

/** What a record said before a change; `data` has its members as they were. */
export const RecordVersion = z.object({ version: z.int(), replaced_at: z.iso.datetime(), data: z.record(z.string(), z.unknown()) })
