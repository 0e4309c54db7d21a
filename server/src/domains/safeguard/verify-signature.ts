/** What a client claims of its touch. */
export type Claim = { timestamp: Date; frequency: number; durationMs: number; harmonyLevel: number }
/** What the server measured of it. */
export type Measured = { validatedAt: Date; durationMs: number; frequency: number; harmony: number }

const FREQUENCY_MIN = 999
const DURATION_MIN_MS = 2_000
const HARMONY_MIN = 0.95
const TIME_TOLERANCE_MS = 300_000
const DURATION_TOLERANCE_MS = 1_000

export type Verdict = { valid: boolean; confidence: number; spoofed: boolean }

/**
 * Whether a claim is good (reference §26.2: frequency ≥ 999, duration ≥ 2,000 ms, harmony ≥ 0.95) and agrees with what the
 * server measured itself. `confidence` is the share of the checks that hold. A claim that would be good but contradicts the
 * measurement is a spoof.
 */
export function verifySignature(claim: Claim, measured: Measured): Verdict {
  const claimed = [claim.frequency >= FREQUENCY_MIN, claim.durationMs >= DURATION_MIN_MS, claim.harmonyLevel >= HARMONY_MIN]
  const agrees = [
    claim.frequency <= measured.frequency, claim.durationMs <= measured.durationMs + DURATION_TOLERANCE_MS, claim.harmonyLevel <= 1,
    Math.abs(claim.timestamp.getTime() - measured.validatedAt.getTime()) <= TIME_TOLERANCE_MS,
  ]
  const holds = [...claimed, ...agrees, measured.harmony >= HARMONY_MIN]
  const share = Math.round((holds.filter(Boolean).length / holds.length) * 1_000) / 1_000
  return { valid: holds.every(Boolean), confidence: share, spoofed: claimed.every(Boolean) && !agrees.every(Boolean) }
}
