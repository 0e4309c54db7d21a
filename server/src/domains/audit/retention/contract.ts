import { z } from 'zod'

/** Days that the details of the record can be read; null: always. The events themselves stay, and verify. */
export const Retention = z.object({ retention_days: z.int().nullable() })

export const SetRetention = z.strictObject({ retention_days: z.int().min(1).max(36_500).nullable() })
