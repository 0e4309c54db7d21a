import type { Delivery } from '../../adapters/mail/mailer.ts'
import type { EffectState } from '../../domains/governance/contract.ts'
import { nextEffectState, type EffectEvent } from '../../domains/governance/effects/effect-state.ts'
import { outcomeOf } from '../../domains/messages/deliver-next.ts'
import type { Machine } from './sim.ts'

const LIFE_MS = 3_600_000
const LEASE_MS = 60_000
const HOUR_MS = 3_600_000
const ENDS = new Set<EffectState | null>(['confirmed', 'failed'])

/** A checkpoint, its approval and the mail that it lets out, with the rules of claim, lease and settlement of the outbox. */
export const effects: Machine = {
  name: 'checkpoint and outbox',
  start(sim, broken) {
    const { random, ensure, tell } = sim
    const point = { status: 'pending', expires: LIFE_MS, spent: 0, effect: null as EffectState | null }
    let outbox: { status: 'waiting' | 'sending' | 'sent' | 'failed'; attempts: number; due: number; error: string | null } | undefined
    let [mails, stoppedAt, begunWhileStopped] = [0, -1, 0]
    const isStopped = (): boolean => stoppedAt >= 0

    function move(event: EffectEvent): boolean {
      const next = nextEffectState(point.effect, event)
      if (next === undefined) return false
      ensure(!ENDS.has(point.effect), `${point.effect} is an end, and ${event} came`)
      point.effect = next
      tell(`effect ${next}`)
      return true
    }

    const press = (verdict: 'approved' | 'rejected') => (): void => {
      sim.insist(() => {
        if (isStopped() || point.status !== 'pending' || point.expires <= sim.now()) return
        point.status = verdict
        tell(verdict)
        if (verdict !== 'approved') return
        point.spent += 1
        move('intend')
        outbox = { status: 'waiting', attempts: 0, due: sim.now(), error: null }
      })
    }

    function deliver(attempt: number): void {
      if (isStopped()) return settle(attempt, { fate: 'later', reason: 'stopped' })
      if (random.chance(0.08)) {
        if (random.chance(0.5)) mails += 1
        return tell('the worker died')
      }
      const fate = (['sent', 'later', 'refused', 'unknown'] as const)[random.between(0, 4)] ?? 'sent'
      if (fate === 'sent' || (fate === 'unknown' && random.chance(0.5))) mails += 1
      settle(attempt, fate === 'sent' ? { fate } : fate === 'unknown' ? { fate } as Delivery : { fate, reason: 'said so' } as Delivery)
    }

    function settle(attempt: number, delivery: Delivery): void {
      const outcome = outcomeOf(delivery, { attempt, now: new Date(sim.now()), chance: random.between(0, 1_000) / 1_000 })
      sim.insist(() => {
        if (!outbox || outbox.attempts !== attempt) return
        const isLost = outbox.status === 'failed' && outbox.error === 'unknown'
        if (outbox.status !== 'sending' && !isLost) return
        const status = isLost && outcome.status === 'waiting' ? 'failed' : outcome.status
        outbox = { ...outbox, status, error: outcome.error, due: outcome.at.getTime() }
        tell(`${status} ${outcome.error}`)
        move(status === 'sent' ? 'confirm' : status === 'waiting' ? 'put_back' : outcome.error === 'unknown' ? 'lose' : 'fail')
      })
    }

    function work(): void {
      if (isStopped() || outbox?.status !== 'waiting' || outbox.due > sim.now()) return
      let attempt = 0
      const how = sim.commit(() => {
        if (!outbox || !move('dispatch')) return
        outbox = { ...outbox, status: 'sending', attempts: outbox.attempts + 1, due: sim.now() + LEASE_MS }
        attempt = outbox.attempts
        tell(`attempt ${attempt}`)
      })
      if (how !== 'heard' || attempt === 0) return
      if (isStopped()) begunWhileStopped += 1
      sim.later(random.between(0, 2 * LEASE_MS), () => { deliver(attempt) })
    }

    function endLost(): void {
      if (outbox?.status !== 'sending' || outbox.due > sim.now()) return
      sim.commit(() => {
        // The fault that must be caught: what may have left is tried again.
        if (broken) outbox = { ...outbox, status: 'waiting', due: sim.now() } as typeof outbox
        else outbox = { ...outbox, status: 'failed', error: 'unknown' } as typeof outbox
        move(broken ? 'put_back' : 'lose')
      })
    }

    const stop = (): void => { if (!isStopped()) stoppedAt = sim.now() }
    function revive(): void {
      if (!isStopped()) return
      if (point.status === 'pending' && point.expires > stoppedAt) point.expires += sim.now() - stoppedAt
      stoppedAt = -1
    }

    for (let n = 0; n < 3; n += 1) sim.later(random.between(0, 2 * LIFE_MS), press('approved'))
    if (random.chance(0.3)) sim.later(random.between(0, 2 * LIFE_MS), press('rejected'))
    if (random.chance(0.5)) {
      const at = random.between(0, 3 * LIFE_MS)
      sim.later(at, stop)
      sim.later(at + random.between(1, 2 * HOUR_MS), revive)
    }
    for (let worker = 0, at = 0; worker < 36; worker += 1) {
      at += random.between(1, worker < 12 ? HOUR_MS / 2 : 3 * HOUR_MS)
      sim.later(at, work)
      sim.later(at + random.between(1, HOUR_MS / 3), endLost)
    }
    for (let n = 0; n < 20; n += 1) sim.later(100 * HOUR_MS + n, endLost)

    return {
      always() {
        ensure(mails <= 1, 'the mail left twice')
        ensure(point.spent <= 1, 'an approval was spent twice')
        ensure(mails === 0 || point.spent === 1, 'a mail left that nobody approved')
        ensure((point.spent === 1) === (point.effect !== null), 'an effect without its approval')
        ensure(begunWhileStopped === 0, 'something left while the system stood still')
      },
      end() {
        ensure(point.effect !== 'confirmed' || mails === 1, 'it is told as done, and was not')
        ensure(point.effect !== 'failed' || mails === 0, 'it is told as failed, and was done')
        ensure(point.effect !== 'dispatched', 'nobody ever says what became of it')
      },
    }
  },
}
