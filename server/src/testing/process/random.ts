import { randomInt } from 'node:crypto'

/** Chooses faults. The same seed chooses the same ones; a test prints it, and CHENU_SEED replays it. */
export type Random = { seed: number; /** A whole number from `from` up to and without `to`. */ between(from: number, to: number): number; /** True with this chance. */ chance(share: number): boolean }

/** A small generator (mulberry32): for choices of tests, never for a secret. */
export function createRandom(seed = Number(process.env.CHENU_SEED ?? randomInt(2 ** 31))): Random {
  let state = seed
  const next = (): number => {
    state = Math.trunc(state + 0x6d2b79f5)
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
  return { seed, between: (from, to) => from + Math.floor(next() * (to - from)), chance: (share) => next() < share }
}
