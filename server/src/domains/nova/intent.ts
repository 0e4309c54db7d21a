import type { Effect } from '../../platform/action.ts'
import type { RunState } from './run/run-state.ts'

type Called = { tool: string; args: Record<string, unknown>; effect: Effect }

const BY_EFFECT: Record<Effect, string> = {
  READ: 'search', CREATE: 'create', UPDATE: 'update', DELETE: 'delete', SEND: 'send_message', TRANSFER: 'update', PAYMENT: 'transaction', GRANT: 'configure', EXECUTE: 'configure',
}
const BY_WORD: Array<[RegExp, string]> = [
  [/\b(?:summari[sz]e|summary|r[eé]sum)/i, 'summarize'], [/\b(?:analy[sz])/i, 'analyze'], [/\b(?:invoice|facture)/i, 'invoice'], [/\b(?:publi(?:sh|e))/i, 'publish'],
  [/\b(?:find|search|look for|cherche|trouve)/i, 'search'], [/\b(?:e-?mail|courriel)/i, 'send_email'], [/[?]\s*$|^(?:what|how|why|who|when|where|comment|pourquoi|qui|quand|quel)/i, 'query'],
]
const HELD = new Set<Effect>(['DELETE', 'SEND', 'TRANSFER', 'PAYMENT', 'GRANT', 'EXECUTE'])
const SMALL = new Set(['the', 'and', 'for', 'with', 'that', 'this', 'les', 'des', 'une', 'pour', 'avec', 'dans', 'que', 'est', 'mon', 'mes', 'please'])
const KEYWORDS_MAX = 8

/** Lane A: what the message wants, in the reference's fourteen types. Of a planned call by its effect, else by its words. */
export function intentOf({ text, commands }: { text: string; commands: Called[] }): RunState['intent'] {
  const [first] = commands
  const type = first ? typeOf(first) : BY_WORD.find(([pattern]) => pattern.test(text.slice(0, 500)))?.[1] ?? (text ? 'query' : 'unknown')
  const keywords = [...new Set(text.slice(0, 1_000).toLowerCase().match(/\p{L}{3,}/gu) ?? [])].filter((word) => !SMALL.has(word)).slice(0, KEYWORDS_MAX)
  const entities = commands.flatMap(({ args }) => Object.entries(args).flatMap(([kind, value]) => (typeof value === 'string' || typeof value === 'number' ? [{ kind, value: String(value).slice(0, 200) }] : [])))
  return { type, confidence: first ? 1 : 0.5, entities, keywords, requires_checkpoint: commands.some(({ effect }) => HELD.has(effect)) }
}

const typeOf = ({ tool, effect, args }: Called): string =>
  tool === 'messages.send' && typeof args.to === 'string' && args.to.includes('@') ? 'send_email' : tool.endsWith('.search') ? 'search' : BY_EFFECT[effect]
