import { nextState, STATES, type Levels, type State } from '../../domains/safeguard/assess.ts'
import type { Machine } from './sim.ts'

/**
 * Refresh tokens of one session, used by its owner and by a thief. The rule is the one of accounts/sessions/refresh.ts, which
 * is a statement there: spend, or end the family. That the statement keeps it is shown on a real database (F-21).
 */
export const family: Machine = {
  name: 'refresh family',
  start(sim, broken) {
    const { random, ensure, tell } = sim
    const tokens = [{ used: false, children: 0 }]
    let [revoked, reused, tries] = [false, false, 0]

    function refresh(token: number): void {
      let got: number | undefined
      const how = sim.commit(() => {
        const spent = tokens[token]
        if (!spent || revoked) return
        if (spent.used) {
          reused = true
          // The fault that must be caught: a grace for who comes second.
          if (!broken) revoked = true
          if (!broken) return
        }
        spent.used = true
        spent.children += 1
        got = tokens.push({ used: false, children: 0 }) - 1
        tell(`${token} → ${got}`)
      })
      // Who does not hear comes again with the same; who is a thief comes with any that they saw.
      const next = how === 'heard' && got !== undefined ? got : token
      tries += 1
      if (tries < 24) sim.later(random.between(1, 900_000), () => { refresh(random.chance(0.15) ? random.between(0, tokens.length) : next) })
    }

    for (let n = 0; n < 2; n += 1) if (n === 0 || random.chance(0.3)) sim.later(random.between(0, 1_000), () => { refresh(0) })
    sim.later(30_000_000, () => { revoked = true })
    return {
      always() {
        ensure(tokens.every(({ children }) => children <= 1), 'one token has two children')
        ensure(revoked || tokens.filter(({ used }) => !used).length === 1, 'a session has two tokens that work')
        ensure(!reused || revoked, 'a token was used again, and the session lives')
      },
      end() { ensure(revoked, 'it ends') },
    }
  },
}

const RESERVED_MS = 900_000

/** Reservations of a budget: made, settled, expired, settled late, twice or never. The rule is budget_take and budget_settle's. */
export const budget: Machine = {
  name: 'budget',
  start(sim, broken) {
    const { random, ensure, tell } = sim
    const LIMIT = 100
    const books = { used: 0, reserved: 0 }
    const held: Array<{ credits: number; state: 'open' | 'settled' | 'expired'; until: number; cost: number }> = []
    let [late, spent] = [0, 0]

    function settle(id: number, cost: number, into: 'settled' | 'expired'): void {
      const one = held[id]
      if (!one || one.state === 'settled' || (into === 'expired' && one.state !== 'open')) return
      if (one.state === 'open') books.reserved -= one.credits
      if (one.state === 'expired') late += cost
      books.used += cost
      spent += cost
      one.state = into
      tell(`${id} ${into} ${cost}`)
    }

    function call(): void {
      const credits = random.between(1, 30)
      const fits = books.used + books.reserved + credits <= LIMIT
      const reserve = (): number => {
        // The fault that must be caught: what was looked at before is believed now.
        if (broken ? !fits : books.used + books.reserved + credits > LIMIT) return -1
        books.reserved += credits
        return held.push({ credits, state: 'open', until: sim.now() + RESERVED_MS, cost: 0 }) - 1
      }
      sim.later(broken ? random.between(0, 2_000) : 0, () => {
        let id = -1
        if (sim.commit(() => { id = reserve() }) !== 'heard' || id < 0 || random.chance(0.15)) return
        const cost = random.between(0, credits + 1)
        for (let n = 0; n < random.between(1, 3); n += 1) sim.later(random.between(1, 2 * RESERVED_MS), () => { sim.insist(() => { settle(id, cost, 'settled') }) })
      })
    }

    for (let n = 0; n < 20; n += 1) sim.later(random.between(0, 3) * 400_000 + random.between(0, 500), call)
    for (let n = 1; n < 40; n += 1) sim.later(n * 300_000, () => { for (const [id, { until }] of held.entries()) if (until <= sim.now()) sim.commit(() => { settle(id, 0, 'expired') }) })
    return {
      always() {
        const open = held.reduce((sum, { state, credits }) => sum + (state === 'open' ? credits : 0), 0)
        ensure(books.reserved === open, `reserved ${books.reserved}, open ${open}`)
        ensure(books.used === spent, 'what was spent is counted once')
        // What is settled after its reservation was given back is counted all the same: only that can pass the limit.
        ensure(books.used + books.reserved <= LIMIT + late, `${books.used} + ${books.reserved} pass ${LIMIT}`)
      },
      end() { ensure(books.reserved === 0, `${books.reserved} stay reserved for ever`) },
    }
  },
}

const LEVELS: Levels = { elevated: 0.5, critical: 0.3, dispersed: 0.1 }
const WINDOW_MS = 600_000
const rank = (state: State): number => STATES.indexOf(state)

/** The state of the safeguard over a window of violations; only a person brings it back to nominal. */
export const safeguard: Machine = {
  name: 'safeguard',
  start(sim, broken) {
    const { random, ensure, tell } = sim
    const seen: Array<{ at: number; severity: 'low' | 'medium' | 'high' }> = []
    let state: State = 'nominal'

    function assess(): void {
      const counts = { low: 0, medium: 0, high: 0 }
      for (const { at, severity } of seen) if (at > sim.now() - WINDOW_MS) counts[severity] += 1
      const before = state
      // The fault that must be caught: severities compared the wrong way round, so that more of them look better.
      const next = broken ? nextState(state, { low: counts.high, medium: counts.medium, high: counts.low }, LEVELS) : nextState(state, counts, LEVELS)
      sim.commit(() => { state = next })
      if (state !== before) tell(`${before} → ${state}`)
      ensure(rank(next) >= rank(before) || (before === 'critical' && next === 'elevated'), `${before} fell to ${next} by itself`)
      ensure(counts.high === 0 || next !== 'nominal', 'a grave violation troubled nobody')
      const worse = nextState(before, { ...counts, high: counts.high + 1 }, LEVELS)
      ensure(broken || rank(worse) >= rank(next), 'one violation more, and it is milder')
    }

    for (let n = 0, at = 0; n < random.between(3, 25); n += 1) {
      sim.later(at += random.between(1, 200_000), () => {
        seen.push({ at: sim.now(), severity: (['low', 'medium', 'high'] as const)[random.between(0, 3)] ?? 'low' })
        assess()
      })
      if (random.chance(0.3)) sim.later(at + random.between(1, WINDOW_MS), assess)
      if (random.chance(0.05)) sim.later(at, () => { sim.commit(() => { state = 'nominal'; seen.length = 0 }) })
    }
    return { always() { ensure(STATES.includes(state), 'a state') }, end() {} }
  },
}
