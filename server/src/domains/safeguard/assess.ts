import type { Severity } from './kinds.ts'

export const STATES = ['nominal', 'elevated', 'critical', 'dispersed'] as const
export type State = (typeof STATES)[number]

/** Scores below which each state begins: 1 is untroubled, 0 as bad as it gets. */
export type Levels = { elevated: number; critical: number; dispersed: number }

/** The reference's penalties for a violation of each severity, and the counts of one that are already a reason to look (§26.2). */
const PENALTY: Record<Severity, number> = { low: 0.1, medium: 0.15, high: 0.2 }
const INDICATES: Record<Severity, number> = { low: 3, medium: 2, high: 1 }
/** What a score must exceed a level by before the state is lowered, so that it does not flap. */
const HYSTERESIS = 0.1

/** 1 − the penalties of the violations in the window, not below 0. Higher is better: severity is never compared with these levels itself. */
export const scoreOf = (counts: Record<Severity, number>): number => {
  const penalty = (Object.keys(PENALTY) as Severity[]).reduce((sum, severity) => sum + PENALTY[severity] * counts[severity], 0)
  return Math.max(0, Math.round((1 - penalty) * 1_000) / 1_000)
}

/**
 * The next state. It rises as soon as the score is below a level. It falls from critical to elevated once the score is
 * clearly above; to nominal, and out of dispersed, only a person brings it back.
 */
export function nextState(state: State, counts: Record<Severity, number>, levels: Levels): State {
  const score = scoreOf(counts)
  const wanted = stateOf(score, counts, levels)
  if (STATES.indexOf(wanted) > STATES.indexOf(state)) return wanted
  return state === 'critical' && score >= levels.critical + HYSTERESIS ? 'elevated' : state
}

function stateOf(score: number, counts: Record<Severity, number>, levels: Levels): State {
  if (score < levels.dispersed) return 'dispersed'
  if (score < levels.critical) return 'critical'
  const indicated = (Object.keys(INDICATES) as Severity[]).some((severity) => counts[severity] >= INDICATES[severity])
  return score < levels.elevated || indicated ? 'elevated' : 'nominal'
}

/** Reads `0.5,0.3,0.1`. Throws TypeError unless they fall from below 1 to above 0. */
export function readLevels(text: string): Levels {
  const numbers = text.split(',').map(Number)
  const [elevated = NaN, critical = NaN, dispersed = NaN] = numbers
  if (numbers.length !== 3 || !(elevated < 1 && critical < elevated && dispersed < critical && dispersed > 0)) throw new TypeError('three falling numbers between 1 and 0')
  return { elevated, critical, dispersed }
}
