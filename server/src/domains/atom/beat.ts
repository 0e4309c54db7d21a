/** The origin of all beats: the same on every node and after every start, so that clients need no clock of ours. */
export const EPOCH = new Date(0)
export const PERIOD_MS = 4_440
const DEGREES_A_BEAT = 40

/** The phase of the beat that a moment falls into: 40° more each 4.44 s, from 0° at the epoch. */
export const phaseAt = (at: Date): number => (Math.floor((at.getTime() - EPOCH.getTime()) / PERIOD_MS) * DEGREES_A_BEAT) % 360

/** Milliseconds until the next beat begins; computed from the epoch, so that beats never drift. */
export const untilNextBeat = (at: Date): number => PERIOD_MS - ((at.getTime() - EPOCH.getTime()) % PERIOD_MS)
