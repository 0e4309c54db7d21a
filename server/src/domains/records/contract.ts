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
