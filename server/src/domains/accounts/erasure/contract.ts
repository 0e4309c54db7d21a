import { z } from 'zod'

/** `confirm` is the identity's name, typed by the person. */
export const EraseData = z.strictObject({ identity_id: z.uuid(), confirm: z.string().min(1).max(200) })

/** How many rows were destroyed in which table, and the hash of what was, which the tombstone in the record holds too. */
export const ErasedData = z.object({ identity_id: z.uuid(), rows: z.record(z.string(), z.int()), hash: z.string(), sessions_ended: z.int() })
