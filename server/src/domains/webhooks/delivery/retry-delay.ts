export const ATTEMPTS_MAX = 8

const SECONDS = [5, 300, 1_800, 7_200, 18_000, 36_000, 36_000]

/**
 * Milliseconds until the attempt after the given one (1 is the first): the steps that Standard Webhooks proposes, over
 * about a day. `chance` (0 to 1) takes up to a half off, so that what failed together does not come back together.
 */
export const retryDelayMs = (attempt: number, chance: number): number => Math.round((SECONDS[Math.min(attempt, SECONDS.length) - 1] ?? 0) * 1_000 * (1 - chance / 2))
