import type { FastifyReply, FastifyRequest } from 'fastify'
import type { Platform } from '../../platform/ctx.ts'
import { emit } from '../../platform/events/emit.ts'
import { addressKey, createRateLimiter } from '../../platform/http/rate-limit.ts'
import { instanceScene } from '../audit/instance.ts'
import { record } from '../audit/record.ts'
import { SealRefused } from './events.ts'

/** Counts wrong seals: who guesses is slowed down, and the instance's chain tells of it without being flooded. */
export type WrongSeals = {
  /** Takes note of a wrong seal. Throws RateLimited for an address that sends too many. */
  note(request: FastifyRequest, reply: FastifyReply): Promise<void>
}

/** One link at the first wrong seal, then at most one in this time, with how many there were since. */
const WINDOW_MS = 60_000

/** `action` names the links: what was guessed at. */
export function createWrongSeals(platform: Platform, action = 'atom.seal_refused'): WrongSeals {
  const { store, clock, log, settings } = platform
  const limit = settings.RATE_LIMIT === 'on' ? createRateLimiter(() => clock.now().getTime()) : null
  let counted = 0
  let writtenAt = -Infinity
  let timer: NodeJS.Timeout | undefined

  /** Writes down what was counted since the last link. */
  async function flush(requestId: string): Promise<void> {
    const count = counted
    if (count === 0) return
    counted = 0
    clearTimeout(timer)
    timer = undefined
    writtenAt = clock.now().getTime()
    try {
      await store.within({ service: 'atom' }, async (tx) => {
        record(tx, instanceScene({ role: 'unknown', requestId, now: () => clock.now() }), { action, outcome: 'denied', details: { count } })
        emit({ ...tx, identityId: null, userId: null, now: () => clock.now() }, SealRefused, { what: action, count })
      })
    } catch (error) {
      // A guess is refused whether or not it can be written down; the next link tells of it.
      counted += count
      writtenAt = -Infinity
      log.warn({ error }, 'wrong seals could not be recorded')
    }
  }

  return {
    async note(request, reply) {
      counted += 1
      if (Math.abs(clock.now().getTime() - writtenAt) >= WINDOW_MS) await flush(request.id)
      else timer ??= setTimeout(() => { void flush(request.id) }, WINDOW_MS).unref()
      limit?.('seal', addressKey(request), reply)
    },
  }
}
