import type { Language } from '../../../platform/text.ts'
import type { ToolOutput } from '../run/run-state.ts'
import type { ActionError } from '../run/settle-action.ts'

/** Characters of one result that the model is shown. */
export const RESULT_MAX_CHARS = 20_000

/** The person did something else than what was asked: the model sees both, and why. */
type Edited = { asked: Record<string, unknown>; done: Record<string, unknown>; note: string | null }

/** What was done, with its result as data; too long a result is cut and says so. */
export function doneOutput(result: unknown, { approved, edited }: { approved: boolean; edited?: Edited }): ToolOutput {
  const data = cut(result ?? null)
  const changed = edited && { edited_by: 'the person', asked: cut(edited.asked).data, done: cut(edited.done).data, note: edited.note }
  return { failed: false, value: { status: 'done', ...(approved ? { approved_by: 'the person' } : {}), ...changed, ...data } }
}

function cut(value: unknown): { data: unknown; truncated?: true } {
  const text = JSON.stringify(value)
  return text.length > RESULT_MAX_CHARS ? { data: text.slice(0, RESULT_MAX_CHARS).toWellFormed(), truncated: true } : { data: value }
}

/** Why nothing was done: code and sentence only, never the data of what was refused. */
export const refusedOutput = ({ code, detail }: ActionError, language: Language): ToolOutput =>
  ({ failed: true, value: { status: 'refused', code, detail: detail[language] } })

export const rejectedOutput = (reason: string | null): ToolOutput => ({ failed: true, value: { status: 'rejected_by_the_person', reason } })

export const cutOutput: ToolOutput = { failed: true, value: { status: 'refused', code: 'answer_cut', detail: 'Your answer was cut off at the limit of tokens; nothing in it was done.' } }

export const tooManyOutput: ToolOutput = { failed: true, value: { status: 'refused', code: 'too_many_calls', detail: 'Too many calls in one answer; this one was not made.' } }
