import { EFFECTS } from '../../../platform/action.ts'
import type { CedarRequest } from './request.ts'

const NOT_FREE = new Set<string>(['DELETE', 'SEND', 'TRANSFER', 'PAYMENT', 'GRANT', 'EXECUTE'])
const HELD_FOR_ALL = new Set<string>(['TRANSFER', 'PAYMENT', 'GRANT'])
const GRANTABLE = new Set<string>(['READ', 'CREATE', 'UPDATE', 'SEND', 'EXECUTE'])

/** Effect classes that no standing grant may cover: each of them is asked about every time. */
export const isGrantable = (effect: string): boolean => GRANTABLE.has(effect)

export const isKnownEffect = (effect: string): boolean => (EFFECTS as readonly string[]).includes(effect)

/**
 * Whether a call must be put before a human whatever any written policy allows (product.md, invariant 2). This is the
 * floor: rules can ask for more, never for less.
 */
export function mustAsk({ principal, context }: CedarRequest, effect: string): boolean {
  if ('approval' in context || !NOT_FREE.has(effect)) return false
  const isLed = !Array.isArray(context.untrusted) || context.untrusted.length > 0
  if ('grant' in context && isGrantable(effect) && !isLed) return false
  const isThePerson = 'type' in principal && principal.type === 'Person' && context.via === 'rest'
  return HELD_FOR_ALL.has(effect) || !isThePerson
}
