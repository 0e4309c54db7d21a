import type { Caller, Proof } from '../../../platform/ctx.ts'
import { StepUpRequired } from '../errors.ts'

const FRESH_MS = 5 * 60_000
const ASKS = new Set(['PAYMENT', 'GRANT'])

/** Deciding over money or rights wants the second factor anew, where the person has one. Throws StepUpRequired. */
export function ensureSteppedUp({ proof }: Caller, effect: string, now: Date): void {
  if (ASKS.has(effect) && proof.factorSet && !isProvedAnew(proof, now)) throw StepUpRequired()
}

/** Whether the session proved a second factor within five minutes. */
export const isProvedAnew = ({ provedAt }: Proof, now: Date): boolean => provedAt !== null && Math.abs(now.getTime() - provedAt.getTime()) <= FRESH_MS
