import type { WebhookAnswer } from '../../adapters/webhooks/post-webhook.ts'
import { LEASE_MS } from '../../domains/webhooks/delivery/claim-due.ts'
import { ATTEMPTS_MAX } from '../../domains/webhooks/delivery/retry-delay.ts'
import { outcomeOf } from '../../domains/webhooks/delivery/settle.ts'
import type { Machine } from './sim.ts'

const HOUR_MS = 3_600_000
type Row = { status: 'waiting' | 'sending' | 'delivered' | 'failed'; attempts: number; due: number; holder: number }

/** One delivery to one endpoint by couriers that die, answer late and are stopped: at least once, and ended once. */
export const webhooks: Machine = {
  name: 'webhook delivery',
  start(sim, broken) {
    const { random, ensure, tell } = sim
    let row: Row = { status: 'waiting', attempts: 0, due: 0, holder: 0 }
    let [claims, received, stopped, healed, ends] = [0, 0, false, false, 0]

    function answerOf(): WebhookAnswer | 'died' {
      if (stopped) return { delivered: false, status: null, fault: 'stopped', text: '' }
      const arrives = healed || random.chance(0.4)
      if (arrives) received += 1
      if (!healed && random.chance(0.15)) return 'died'
      return arrives ? { delivered: true, status: 200, fault: null, text: '' } : { delivered: false, status: 500, fault: 'status', text: '' }
    }

    function post(mine: Row): void {
      const answer = answerOf()
      if (answer === 'died') return
      const outcome = outcomeOf(answer, { attempt: mine.attempts, now: new Date(sim.now()), chance: random.between(0, 1_000) / 1_000, durationMs: 1 })
      sim.insist(() => {
        // The fault that must be caught: whoever comes late writes over the attempt of another.
        if (row.status !== 'sending' || (!broken && row.attempts !== mine.attempts)) return
        ensure(row.holder === mine.holder, 'an attempt was settled by another’s worker')
        row = { ...row, status: outcome.status, attempts: outcome.attempts, due: outcome.nextAttemptAt.getTime() }
        if (outcome.status !== 'waiting') ends += 1
        tell(`${outcome.status} after ${outcome.attempts}`)
      })
    }

    function work(): void {
      if (stopped) return
      if (row.status === 'sending' && row.due <= sim.now()) sim.commit(() => { row = { ...row, status: 'waiting', due: sim.now() } })
      if (row.status !== 'waiting' || row.due > sim.now()) return
      const mine: Row = { status: 'sending', attempts: row.attempts + 1, due: sim.now() + LEASE_MS, holder: claims += 1 }
      const how = sim.commit(() => { row = mine })
      tell(`attempt ${mine.attempts} ${how}`)
      if (how === 'heard') sim.later(random.between(0, 2 * LEASE_MS), () => { post(mine) })
    }

    for (let n = 0, at = 0; n < 40; n += 1) sim.later(at += random.between(1, n < 15 ? LEASE_MS : 4 * HOUR_MS), work)
    for (let n = 0; n < 3; n += 1) {
      const at = random.between(0, n * 12 * HOUR_MS + 1)
      sim.later(at, () => { stopped = true })
      sim.later(at + random.between(1, 2 * HOUR_MS), () => { stopped = false })
    }
    // In the end everything works, and whoever waits gets their turn.
    sim.later(400 * HOUR_MS, () => { [healed, stopped] = [true, false] })
    for (let n = 1; n < 40; n += 1) sim.later((400 + n * 11) * HOUR_MS, work)

    return {
      always() {
        ensure(row.attempts <= ATTEMPTS_MAX + claims, 'attempts are counted')
        ensure(ends <= 1, 'it ended twice')
        ensure(row.status !== 'delivered' || received > 0, 'it is told as delivered, and never arrived')
        ensure(row.status !== 'failed' || row.attempts >= ATTEMPTS_MAX, 'it was given up too soon')
      },
      end() { ensure(row.status === 'delivered' || row.status === 'failed', `it never ended: ${JSON.stringify(row)}`) },
    }
  },
}
