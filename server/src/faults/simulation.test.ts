import assert from 'node:assert/strict'
import { suite, test } from 'node:test'
import { report } from '../testing/faults/report.ts'
import { roundsOf } from '../testing/faults/rounds.ts'
import { createRandom } from '../testing/process/random.ts'
import { effects } from '../testing/simulation/effects.ts'
import { runs } from '../testing/simulation/runs.ts'
import { simulate, Violation, type Machine } from '../testing/simulation/sim.ts'
import { budget, family, safeguard } from '../testing/simulation/stores.ts'
import { webhooks } from '../testing/simulation/webhooks.ts'

const SEEDS = roundsOf({ short: 10_000, long: 100_000 })
const CONTROLS = 500

/** The first seed of some that breaks a machine on purpose. */
function findBroken(machine: Machine, first: number): number | undefined {
  for (let seed = first; seed < first + CONTROLS; seed += 1) {
    try {
      simulate(machine, seed, { broken: true })
    } catch (error) {
      if (error instanceof Violation) return seed
      throw error
    }
  }
  return undefined
}

suite('F-30: state machines under a fake clock, a queue and a store that fails', () => {
  for (const machine of [effects, webhooks, runs, family, budget, safeguard]) {
    test(`${machine.name}: no seed breaks it, and any seed replays to the byte`, (t) => {
      const { seed: first } = createRandom()
      t.diagnostic(`CHENU_SEED=${first}`)
      let lines = 0
      for (let seed = first; seed < first + SEEDS; seed += 1) {
        const trace = simulate(machine, seed)
        lines += trace.length
        if (seed % 100 === 0) assert.equal(simulate(machine, seed), trace)
      }
      assert.ok(lines > SEEDS, 'something happens')
      report(t, { fault: 'F-30', rounds: SEEDS, cases: SEEDS, doubles: 0, control: findBroken(machine, first) === undefined ? 'not caught' : 'caught', note: machine.name })
    })
  }
})
