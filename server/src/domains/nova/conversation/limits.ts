import type { RunState } from '../run/run-state.ts'

/** Calls that are looked at in one answer of the model; those beyond are refused unread. */
export const CALLS_PER_ANSWER_MAX = 20
/** How long a conversation may go on without coming back to the person. */
export const DRIVE_MAX_MS = 300_000
/** Tokens of all steps of one run together, in and out. */
export const TOKENS_MAX = 500_000
/** Characters of the conversation as it is kept. */
export const MESSAGES_MAX_CHARS = 1_000_000

export type Limit = 'steps' | 'time' | 'tokens' | 'size'

type Progress = { usage: RunState['usage']; stepsTaken: number; stepsMax: number; now: Date; until: Date; messages: unknown[] }

/** The limit that keeps the model from being asked once more; null when none does. */
export function limitReached({ usage, stepsTaken, stepsMax, now, until, messages }: Progress): Limit | null {
  if (stepsTaken >= stepsMax) return 'steps'
  if (now >= until) return 'time'
  if (usage.input_tokens + usage.output_tokens >= TOKENS_MAX) return 'tokens'
  return JSON.stringify(messages).length > MESSAGES_MAX_CHARS ? 'size' : null
}
