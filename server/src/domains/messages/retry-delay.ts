const FIRST_MS = 60_000
const FACTOR = 3
const LONGEST_MS = 12 * 3_600_000

/**
 * Milliseconds until the attempt after the given one (1 is the first): a minute, then three times as long each time, over
 * about a day. `chance` (0 to 1) takes up to a half off, so that what failed together does not come back together.
 */
export const retryDelayMs = (attempt: number, chance: number): number =>
  Math.round(Math.min(FIRST_MS * FACTOR ** (attempt - 1), LONGEST_MS) * (1 - chance / 2))
