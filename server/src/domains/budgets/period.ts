/** The month that a moment falls into, in UTC, such as `2026-11`: what a budget is counted by. */
export const periodOf = (at: Date): string => at.toISOString().slice(0, 7)

/** Seconds until the next month begins, at least one. */
export function secondsToNextPeriod(at: Date): number {
  const next = Date.UTC(at.getUTCFullYear(), at.getUTCMonth() + 1, 1)
  return Math.max(1, Math.ceil((next - at.getTime()) / 1_000))
}
