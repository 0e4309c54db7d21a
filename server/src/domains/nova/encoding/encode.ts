import assert from 'node:assert/strict'
import type { Effect } from '../../../platform/action.ts'
import { toCompact } from './compact.ts'
import { codesIn, doubt, foci, lengths, outputs, plainActs, preciseActs, sources } from './encoding-words.ts'
import { brokenRules, type Act, type Encoding, type Focus, type Mode, type Scope, type Source } from './encoding.ts'
import { qualityOf, type Quality } from './quality.ts'

export type Encoded = { encoding: Encoding; compact: string; quality: Quality }

/**
 * Encodes a request by rules, French or English: no model, so the same request always gives the same encoding.
 * `effect` is the heaviest of the planned actions; `intent` is lane A's type, read when the words say nothing.
 */
export function encode({ text, effect, sensitive, intent }: { text: string; effect: Effect; sensitive: boolean; intent?: string }): Encoded {
  const words = plain(text)
  const locked = sensitive || FOR_A_PERSON.has(effect)
  const act = actOf(words, effect, intent)
  const mode = modeOf(act, effect)
  const src = sourceOf(words, locked)
  const rw = effect === 'UPDATE' || act === 'REF'
  const encoding: Encoding = {
    act, src, mode,
    scope: locked ? 'LOCK' : scopeOf[src],
    focus: focusOf(words, act),
    out: codesIn(words, outputs)[0] ?? 'MD',
    len: codesIn(words, lengths)[0] ?? 'AUTO',
    flags: { rw, unc: doubt.test(words), sens: sensitive, trace: rw || sensitive || effect !== 'READ' },
  }
  assert.deepEqual(brokenRules(encoding), [])
  const compact = toCompact(encoding)
  return { encoding, compact, quality: qualityOf({ encoding, compact, text }) }
}

const TEXT_MAX = 10_000

/** Effects that wait for a person: their scope is frozen, and what is made is made for that decision. */
const FOR_A_PERSON: ReadonlySet<Effect> = new Set<Effect>(['DELETE', 'SEND', 'TRANSFER', 'PAYMENT', 'GRANT', 'EXECUTE'])

const actOfIntent = new Map<string, Act>([
  ['query', 'EXT'], ['search', 'EXT'], ['summarize', 'SUM'], ['analyze', 'ANA'], ['create', 'GEN'], ['update', 'REF'], ['delete', 'DEC'],
  ['send_email', 'GEN'], ['send_message', 'GEN'], ['publish', 'GEN'], ['invoice', 'GEN'], ['transaction', 'DEC'], ['configure', 'DEC'],
])

const actOfEffect: Record<Effect, Act> = {
  READ: 'EXT', CREATE: 'GEN', UPDATE: 'REF', SEND: 'GEN', DELETE: 'DEC', TRANSFER: 'DEC', PAYMENT: 'DEC', GRANT: 'DEC', EXECUTE: 'DEC',
}

const scopeOf: Record<Source, Scope> = { SEL: 'SEL', DOC: 'DOC', WS: 'WS', MTG: 'MTG', EXT: 'SEL', MIX: 'WS' }

const modeOfReading: Record<Act, Mode> = {
  SUM: 'ANA', EXT: 'ANA', CMP: 'ANA', ANA: 'ANA', MAP: 'ANA', CLS: 'ANA', VER: 'CHECK', STR: 'DRAFT', GEN: 'DRAFT', REF: 'DRAFT', DEC: 'PREP', PLN: 'PREP',
}

/** What each act looks at when the request does not say. */
const usualFocus: Record<Act, Focus[]> = {
  SUM: ['FACT', 'NEXT'], EXT: ['FACT'], STR: ['FACT', 'GAP'], CMP: ['OPT', 'CONS'], ANA: ['FACT', 'RISK'], GEN: ['FACT'],
  DEC: ['OPT', 'RISK'], PLN: ['NEXT', 'RISK'], REF: ['FACT'], VER: ['FACT', 'GAP'], MAP: ['FACT', 'GAP'], CLS: ['FACT'],
}

/** Lower case without accents, and without what is quoted: the title of a note is no instruction. */
const plain = (text: string): string =>
  text.slice(0, TEXT_MAX).normalize('NFD').replace(/\p{M}/gu, '').toLowerCase().replaceAll('’', "'")
    .replace(/«[^»]{0,200}»|“[^”]{0,200}”|"[^"]{0,200}"/g, ' ')

function actOf(words: string, effect: Effect, intent: string | undefined): Act {
  if (actOfEffect[effect] === 'DEC') return 'DEC'
  return codesIn(words, preciseActs)[0] ?? codesIn(words, plainActs)[0] ?? actOfIntent.get(intent ?? '') ?? actOfEffect[effect]
}

function modeOf(act: Act, effect: Effect): Mode {
  if (FOR_A_PERSON.has(effect)) return 'PREP'
  return effect === 'READ' ? modeOfReading[act] : 'DRAFT'
}

/** The selection when nothing is named. A locked scope cannot draw on a whole workspace. */
function sourceOf(words: string, locked: boolean): Source {
  const [first = 'SEL', second] = codesIn(words, sources).filter((source) => !(locked && source === 'WS'))
  return second === undefined ? first : 'MIX'
}

function focusOf(words: string, act: Act): Focus[] {
  const named = codesIn(words, foci).slice(0, 5)
  return named.length > 0 ? named : [...usualFocus[act]]
}
