import type { Caller } from '../../../platform/ctx.ts'
import { StepUpRequired } from '../errors.ts'

const FRESH_MS = 5 * 60_000
const ASKS = new Set(['PAYMENT', 'GRANT'])

/** Deciding over money or rights wants the second factor anew, where the person has one. Throws StepUpRequired. */
export function ensureSteppedUp({ proof }: Caller, effect: string, now: Date): void {
  if (!ASKS.has(effect) || !proof.factorSet) return
  const ageMs = proof.provedAt === null ? Infinity : Math.abs(now.getTime() - proof.provedAt.getTime())
  if (ageMs > FRESH_MS) throw StepUpRequired()
}
