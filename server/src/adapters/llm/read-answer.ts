import type { GenerateTextResult, ToolSet } from 'ai'
import { ProviderError } from './errors.ts'
import { cleanText, faultOf } from './plain-json.ts'
import type { ToolNames } from './tool-names.ts'

/** A tool call as the model gave it. `fault`: why its arguments are none; then `args` is empty. */
export type ClaudeCall = { toolCallId: string; tool: string; args: Record<string, unknown>; fault: string | null }

export type Read = { text: string; cut: boolean; calls: ClaudeCall[]; messages: unknown[]; usage: { input_tokens: number; output_tokens: number } }

type Answer = Pick<GenerateTextResult<ToolSet, never, never>, 'content' | 'finishReason' | 'usage'>
type ToolCall = { toolCallId: string; toolName: string; input: unknown; providerExecuted?: boolean | undefined }

const TOOL_NAME_MAX = 200
const TOKENS_MAX = 100_000_000
const CALL_ID = /^[\w-]{1,200}$/

const unreadable = () => ProviderError({ fault: 'unreadable', status: null, retryAfterSeconds: null })

/** The model's answer as plain JSON that any database holds. Throws ProviderError for what Anthropic's API cannot have said. */
export function readAnswer(answer: Answer, names: ToolNames): Read {
  const calls = answer.content.flatMap((part) => (part.type === 'tool-call' ? [readCall(part, names)] : []))
  if (new Set(calls.map(({ toolCallId }) => toolCallId)).size < calls.length) throw unreadable()
  const content = answer.content.flatMap((part) => toKeep(part, calls))
  return {
    text: cleanText(answer.content.flatMap((part) => (part.type === 'text' ? [part.text] : [])).join('')), cut: answer.finishReason === 'length', calls,
    // An answer without a word cannot be sent back; then there is nothing to go on with either.
    messages: content.length > 0 ? [{ role: 'assistant', content }] : [],
    usage: { input_tokens: tokens(answer.usage.inputTokens), output_tokens: tokens(answer.usage.outputTokens) },
  }
}

/** What the model wants to see again of its own answer; its thoughts go back as they came, they are signed. */
function toKeep(part: Answer['content'][number], calls: ClaudeCall[]): unknown[] {
  if (part.type === 'text') return part.text ? [{ type: 'text', text: cleanText(part.text) }] : []
  if (part.type === 'reasoning') return [plain({ type: 'reasoning', text: part.text, providerOptions: part.providerMetadata })]
  if (part.type !== 'tool-call') return []
  return calls.filter(({ toolCallId }) => toolCallId === part.toolCallId).map(({ toolCallId, tool, args }) => ({ type: 'tool-call', toolCallId, toolName: tool, input: args }))
}

const plain = (value: unknown): unknown => JSON.parse(JSON.stringify(value), (_key, member: unknown) => (typeof member === 'string' ? cleanText(member) : member))

function readCall({ toolCallId, toolName, input, providerExecuted }: ToolCall, names: ToolNames): ClaudeCall {
  if (!CALL_ID.test(toolCallId) || providerExecuted) throw unreadable()
  const fault = faultOf(input)
  return { toolCallId, tool: cleanText(names.toolName(toolName)).slice(0, TOOL_NAME_MAX), args: fault === null ? input as Record<string, unknown> : {}, fault }
}

function tokens(count: number | undefined): number {
  if (count === undefined || !Number.isSafeInteger(count) || count < 0 || count > TOKENS_MAX) throw unreadable()
  return count
}
