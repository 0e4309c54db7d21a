import { sha256 } from '../../platform/canonical.ts'

export const FREQUENCY_MIN = 432
export const FREQUENCY_MAX = 999

/** The wave of an agent: a display value in 432…999 with two decimals, made from its code and the same for ever. */
export function frequencyOf(code: string): number {
  const share = Number.parseInt(sha256(code).slice(0, 8), 16) / 0xFFFF_FFFF
  return Math.round((FREQUENCY_MIN + share * (FREQUENCY_MAX - FREQUENCY_MIN)) * 100) / 100
}
