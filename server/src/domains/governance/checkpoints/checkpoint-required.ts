import type { Problem } from '../../../platform/errors.ts'
import type { Language } from '../../../platform/text.ts'
import { CheckpointRequired } from '../errors.ts'
import { presentCheckpoint } from './present.ts'
import type { CheckpointRow } from '../queries.ts'

/** Seconds after which it is worth asking again whether a person has decided. */
const RETRY_AFTER_SECONDS = 30

/** The 423 of the contract for a checkpoint that was opened or found. */
export const checkpointRequired = (row: CheckpointRow, { language, now, runId, policies = [] }: { language: Language; now: Date; runId: string | null; policies?: string[] }): Problem =>
  CheckpointRequired({ checkpoint: presentCheckpoint(row, language, now), runId, policies, retryAfterSeconds: RETRY_AFTER_SECONDS })
