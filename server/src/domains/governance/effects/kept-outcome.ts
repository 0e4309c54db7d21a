import type { AnyAction } from '../../../platform/action.ts'
import type { Bilingual } from '../../../platform/text.ts'

/** What came of an approved action, as it is kept with its checkpoint for those who asked and did not wait. */
export type KeptOutcome = { status: 'completed' | 'failed'; result: unknown; error: { code: string; detail: Bilingual } | null; withheld: boolean }

/** Bytes of a result that is kept; the row that it is about holds it all. */
const RESULT_MAX_BYTES = 64 * 1024

/** A result, unless it is too long or holds a secret that is shown once. */
export function completedOutcome({ secretOutput }: Pick<AnyAction, 'secretOutput'>, output: unknown): KeptOutcome {
  const withheld = secretOutput === true || Buffer.byteLength(JSON.stringify(output ?? null)) > RESULT_MAX_BYTES
  return { status: 'completed', result: withheld ? null : output ?? null, error: null, withheld }
}

export const failedOutcome = (error: { code: string; detail: Bilingual }): KeptOutcome => ({ status: 'failed', result: null, error, withheld: false })
