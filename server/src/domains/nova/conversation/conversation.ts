import type { ClaudeStep } from '../../../adapters/llm/claude.ts'
import { completeRun } from '../run/settle-action.ts'
import type { PendingCall, Remaining, RunState, ToolOutput } from '../run/run-state.ts'
import { endLanes } from './end-lanes.ts'
import { CALLS_PER_ANSWER_MAX } from './limits.ts'
import { cutOutput, tooManyOutput } from './tool-output.ts'
import { sayCut, sayNothing } from './words.ts'

export type Conversation = Extract<Remaining, { kind: 'conversation' }>

/** The conversation of a run of Claude's. Pure, as everything here: a retried transaction makes the same change again. */
export function conversationOf({ remaining }: RunState): Conversation {
  if (remaining?.kind !== 'conversation') throw new TypeError('A run of Claude’s has a conversation')
  return remaining
}

/** The place of the first call whose result the model does not know yet; -1 when it knows all. */
export const nextCall = ({ calls }: Conversation): number => calls.findIndex((call) => call.output === null)

/** Notes for a call what the model will be told. */
export const noteOutput = (run: RunState, position: number, output: ToolOutput): RunState => changeCall(run, position, { output })

/** Notes for a call at which checkpoint it waits. */
export const noteWaiting = (run: RunState, position: number, checkpointId: string): RunState => changeCall(run, position, { checkpointId })

function changeCall(run: RunState, position: number, change: Partial<PendingCall>): RunState {
  const conversation = conversationOf(run)
  return { ...run, remaining: { ...conversation, calls: conversation.calls.map((call, at) => (at === position ? { ...call, ...change } : call)) } }
}

/** The messages for the next step: those so far, with the results of the calls that the model made last. */
export function messagesOf({ messages, calls }: Conversation): unknown[] {
  if (calls.length === 0) return messages
  const content = calls.map(({ toolCallId, tool, output }) => ({
    type: 'tool-result', toolCallId, toolName: tool, output: { type: output?.failed ? 'error-json' : 'json', value: output?.value ?? {} },
  }))
  return [...messages, { role: 'tool', content }]
}

/** The run after the model's answer to `messages`: with new calls to make, or completed with its last word. */
export function takeAnswer(run: RunState, { messages, step, at }: { messages: unknown[]; step: ClaudeStep; at: Date }): RunState {
  const { stepsTaken } = conversationOf(run)
  const next: RunState = { ...run, ...paid(run, step) }
  if (step.calls.length === 0) return completeRun({ ...next, lanes: endLanes(run.lanes), output: lastWord(run, step) }, at)
  const calls = step.calls.map((call, position): PendingCall => ({ ...call, checkpointId: null, output: presetOutput(step, position) }))
  return { ...next, remaining: { kind: 'conversation', messages: [...messages, ...step.messages], calls, stepsTaken: stepsTaken + 1 } }
}

function presetOutput({ cut }: ClaudeStep, position: number): ToolOutput | null {
  if (cut) return cutOutput
  return position < CALLS_PER_ANSWER_MAX ? null : tooManyOutput
}

function lastWord({ actions, language }: RunState, { text, cut }: ClaudeStep): RunState['output'] {
  if (text) return { text: cut ? `${text}${sayCut[language]}` : text }
  return actions.length > 0 ? null : { text: sayNothing[language] }
}

function paid({ usage, cost, credits }: RunState, step: ClaudeStep): Pick<RunState, 'usage' | 'cost' | 'credits'> {
  const { input_tokens, output_tokens } = step.usage
  const known = cost.micro_usd !== null && step.cost.micro_usd !== null
  return {
    usage: { input_tokens: usage.input_tokens + input_tokens, output_tokens: usage.output_tokens + output_tokens },
    cost: known ? { micro_usd: (cost.micro_usd ?? 0) + (step.cost.micro_usd ?? 0), kind: 'estimated' } : { micro_usd: null, kind: 'unpriced' },
    credits: credits + input_tokens + output_tokens,
  }
}
