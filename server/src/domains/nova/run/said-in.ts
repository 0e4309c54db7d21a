import type { RunState } from './run-state.ts'

/**
 * The words around a call, which its approver sees apart from the facts: what the person asked for, and what the model said
 * when it made the call.
 */
export function saidIn({ message, remaining }: RunState): { request: string | null; agent: string | null } {
  const last = remaining?.kind === 'conversation' ? remaining.messages.findLast((one) => (one as { role?: unknown }).role === 'assistant') : undefined
  return { request: message === '' ? null : message, agent: textOf((last as { content?: unknown } | undefined)?.content) }
}

function textOf(content: unknown): string | null {
  if (typeof content === 'string') return content || null
  if (!Array.isArray(content)) return null
  const texts = content.filter((part): part is { type: 'text'; text: string } => (part as { type?: unknown }).type === 'text' && typeof (part as { text?: unknown }).text === 'string')
  return texts.map(({ text }) => text).join('\n') || null
}
