import { createRandom, type Random } from '../process/random.ts'

/** How a commit went: heard of, done without anybody hearing, or not at all. */
export type Committed = 'heard' | 'lost' | 'never'

/** A small world of one seed: a fake clock, a queue of what happens when, and a store that fails. Nothing else decides anything. */
export type Sim = {
  random: Random
  /** Milliseconds since it began. */
  now(): number
  /** Does something after so long; of what happens at one moment, chance says the order. */
  later(ms: number, work: () => void): void
  /** A transaction: the change happens whole, and its caller hears of it, or not; or it never happens. */
  commit(change: () => void): Committed
  /** The same until it is heard of, as a worker does it that lives. */
  insist(change: () => void): void
  /** A line of the trace; the same seed writes the same ones. */
  tell(line: string): void
  ensure(holds: boolean, what: string): void
}

/** A state machine among faults. It arranges what happens; `always` is looked at after every step, `end` when nothing more comes. */
export type Machine = { name: string; start(sim: Sim, broken: boolean): { always(): void; end(): void } }

export class Violation extends Error {
  override name = 'Violation'
}

const STEPS_MAX = 5_000
const [NEVER, LOST] = [0.08, 0.16]

/** Runs one machine with one seed; its trace. Throws Violation. `broken`: the machine with the fault that must be caught. */
export function simulate(machine: Machine, seed: number, { broken = false }: { broken?: boolean } = {}): string {
  const random = createRandom(seed)
  const queue: Array<{ at: number; order: number; work: () => void }> = []
  const trace: string[] = []
  let now = 0
  const fail = (what: string): never => { throw new Violation(`${machine.name}, seed ${seed}: ${what}\n${trace.slice(-30).join('\n')}`) }
  const sim: Sim = {
    random,
    now: () => now,
    later(ms, work) { queue.push({ at: now + Math.round(ms), order: random.between(0, 2 ** 30), work }) },
    commit(change) {
      const chance = random.between(0, 1_000) / 1_000
      if (chance < NEVER) return 'never'
      change()
      return chance < LOST ? 'lost' : 'heard'
    },
    insist(change) { if (sim.commit(change) !== 'heard') sim.later(250, () => { sim.insist(change) }) },
    tell(line) { trace.push(`${now} ${line}`) },
    ensure(holds, what) { if (!holds) fail(what) },
  }
  const { always, end } = machine.start(sim, broken)
  for (let steps = 0; queue.length > 0; steps += 1) {
    if (steps > STEPS_MAX) fail(`it did not end in ${STEPS_MAX} steps`)
    const next = queue.reduce((first, one) => (one.at < first.at || (one.at === first.at && one.order < first.order) ? one : first))
    queue.splice(queue.indexOf(next), 1)
    now = next.at
    next.work()
    always()
  }
  end()
  return trace.join('\n')
}
