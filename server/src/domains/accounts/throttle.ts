import { createHmac } from 'node:crypto'
import { setTimeout as wait } from 'node:timers/promises'
import { RateLimiterPostgres, RateLimiterRes } from 'rate-limiter-flexible'
import type { Platform } from '../../platform/ctx.ts'
import { RateLimited, ServiceUnavailable } from '../../platform/problems.ts'

/**
 * Failures that are let through, and the window in seconds. Counted in the database, so they hold over restarts and over
 * all nodes. An account's own count only ever slows sign-ins down: a stranger cannot lock anyone out.
 */
export const LIMITS = {
  login_pair: { points: 5, duration: 900 },
  login_address: { points: 30, duration: 900 },
  login_account: { points: 20, duration: 3_600 },
  register: { points: 100, duration: 3_600 },
  register_known: { points: 5, duration: 3_600 },
  change_password: { points: 5, duration: 900 },
  second_factor: { points: 10, duration: 3_600 },
  recovery_code: { points: 10, duration: 3_600 },
  reset_address: { points: 20, duration: 3_600 },
  reset_mail: { points: 3, duration: 3_600 },
  verify_mail: { points: 3, duration: 3_600 },
  change_mail: { points: 3, duration: 3_600 },
}
type Policy = keyof typeof LIMITS

const DELAY_MAX_MS = 8_000
const DELAYED_MAX = 100

/** Milliseconds that a sign-in waits after so many failures of its account within an hour: doubling with every ten more. */
export const delayAfter = (failures: number): number =>
  failures <= LIMITS.login_account.points ? 0 : Math.min(DELAY_MAX_MS, 500 * 2 ** Math.floor((failures - LIMITS.login_account.points) / 10))

/** Counters of guesses. Keys are HMACs: the table holds no e-mail and no network address. */
export type Throttle = {
  /** Throws RateLimited when the count is used up already; takes nothing. */
  ensureOpen(policy: Policy, subject: string): Promise<void>
  /** Takes one before the guess is looked at, so that guesses at once cannot pass together; how many are left. */
  take(policy: Policy, subject: string): Promise<number>
  /** Gives one back: it was no failure. */
  giveBack(policy: Policy, subject: string): Promise<void>
  /** Begins anew. */
  clear(policy: Policy, subject: string): Promise<void>
  /** Counts without a limit. */
  count(policy: Policy, subject: string): Promise<void>
  /** Waits as long as the count demands. */
  slowDown(policy: Policy, subject: string): Promise<void>
}

const UNLIMITED: Throttle = { ensureOpen: async () => {}, take: async () => Number.POSITIVE_INFINITY, giveBack: async () => {}, clear: async () => {}, count: async () => {}, slowDown: async () => {} }

export function createThrottle({ settings, secrets, store }: Platform): Throttle {
  if (settings.RATE_LIMIT === 'off') return UNLIMITED
  const key = secrets.derive('rate limits')
  const limiters = Object.fromEntries(Object.entries(LIMITS).map(([policy, limit]) => [policy, new RateLimiterPostgres({
    ...limit, storeClient: store.pool, storeType: 'pool', tableName: 'rate_limits', tableCreated: true, keyPrefix: policy, clearExpiredByTimeout: policy === 'register',
  })])) as Record<Policy, RateLimiterPostgres>
  const keyOf = (subject: string): string => createHmac('sha256', key).update(subject).digest('base64url')
  let delayed = 0
  return {
    async ensureOpen(policy, subject) {
      const found = await ask(policy, () => limiters[policy].get(keyOf(subject)))
      // The wall clock went back: nobody is locked for longer than one window.
      if (found && found.msBeforeNext > LIMITS[policy].duration * 1_000) return this.clear(policy, subject)
      if (found && found.consumedPoints >= LIMITS[policy].points) throw refusal(policy, found)
    },
    take: (policy, subject) => ask(policy, async () => (await limiters[policy].consume(keyOf(subject))).remainingPoints),
    giveBack: (policy, subject) => ask(policy, async () => { await limiters[policy].reward(keyOf(subject)) }),
    clear: (policy, subject) => ask(policy, async () => { await limiters[policy].delete(keyOf(subject)) }),
    count: (policy, subject) => ask(policy, async () => { await limiters[policy].penalty(keyOf(subject)) }),
    async slowDown(policy, subject) {
      const found = await ask(policy, () => limiters[policy].get(keyOf(subject)))
      const delayMs = delayAfter(found?.consumedPoints ?? 0)
      if (delayMs === 0) return
      if (delayed >= DELAYED_MAX) throw ServiceUnavailable({ retryAfterSeconds: DELAY_MAX_MS / 1_000 })
      delayed += 1
      await wait(delayMs).finally(() => { delayed -= 1 })
    },
  }
}

const refusal = (policy: Policy, { msBeforeNext }: RateLimiterRes) => RateLimited({ policy, retryAfterSeconds: Math.max(1, Math.ceil(msBeforeNext / 1_000)) })

/** Fails closed: while the counters cannot be read, nobody guesses. */
async function ask<T>(policy: Policy, work: () => Promise<T>): Promise<T> {
  try {
    return await work()
  } catch (error) {
    throw error instanceof RateLimiterRes ? refusal(policy, error) : ServiceUnavailable({ retryAfterSeconds: 2 })
  }
}
