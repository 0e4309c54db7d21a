import { LRUCache } from 'lru-cache'
import type { Caller, Platform } from '../../../platform/ctx.ts'
import { emit } from '../../../platform/events/emit.ts'
import type { Problem } from '../../../platform/errors.ts'
import { newId } from '../../../platform/ids.ts'
import { RateLimited } from '../../../platform/problems.ts'
import { record } from '../../audit/record.ts'
import { IdentityBoundary } from '../errors.ts'
import { BoundaryAlarm } from '../events.ts'

/** Boundary violations of one identity in a minute before it is held back. */
export const VIOLATIONS_MAX = 20
const WINDOW_MS = 60_000
const IDENTITIES_MAX = 100_000

type Window = { count: number; endsAt: number }

/** Holds an identity back that keeps knocking at others' doors: on this node, for the rest of a minute, and says so once. */
export type Brake = {
  /** Throws RateLimited while the identity is held back. */
  ensureFree(caller: Caller): void
  /** Counts a refusal that was a violation of the boundary; the one past the limit is told. */
  count(caller: Caller, problem: Problem, requestId: string): Promise<void>
}

export function createBrake(platform: Platform): Brake {
  const windows = new LRUCache<string, Window>({ max: IDENTITIES_MAX })
  const now = (): number => platform.clock.now().getTime()
  const openWindow = (identityId: string): Window | undefined => {
    const found = windows.get(identityId)
    // A clock that went back must not hold an identity for longer than one window.
    return found && found.endsAt > now() && found.endsAt - now() <= WINDOW_MS ? found : undefined
  }
  return {
    ensureFree({ identityId }) {
      const window = openWindow(identityId)
      if (window && window.count > VIOLATIONS_MAX) throw RateLimited({ policy: 'boundary', retryAfterSeconds: Math.max(1, Math.ceil((window.endsAt - now()) / 1_000)) })
    },
    async count(caller, problem, requestId) {
      if (problem.code !== IdentityBoundary.kind.code) return
      const window = openWindow(caller.identityId) ?? { count: 0, endsAt: now() + WINDOW_MS }
      window.count += 1
      windows.set(caller.identityId, window)
      if (window.count === VIOLATIONS_MAX + 1) await alarm(platform, caller, requestId)
    },
  }
}

const alarm = ({ store, clock }: Platform, caller: Caller, requestId: string): Promise<void> => store.within(caller, async (tx) => {
  const scene = { ...caller, via: 'rest' as const, requestId: requestId || newId(), now: () => clock.now() }
  record(tx, scene, { action: 'identity.alarm', outcome: 'denied', details: { violations: VIOLATIONS_MAX + 1 } })
  emit({ ...tx, ...scene }, BoundaryAlarm, { violations: VIOLATIONS_MAX + 1 })
})
