import { setTimeout as delay } from 'node:timers/promises'
import { follow } from '../../platform/events/follow.ts'
import type { Relay } from '../../platform/events/relay.ts'
import { recordSkipped } from '../audit/record-skipped.ts'
import { StartupError } from '../../platform/startup-error.ts'
import { readLevels } from './assess.ts'
import { giveNext, liftNext, tellNext, type Hands } from './give-answers.ts'
import { readLimits } from './kinds.ts'
import { WATCHED } from './sighting.ts'
import { reassess, watch, type Post } from './watch.ts'

/** The Brise-Circuit of this node: hears the events that could be violations, and gives the answers that are due. */
export type Safeguard = Hands & {
  start(): Promise<void>
  stop(): Promise<void>
  /** Gives, lifts and tells what is due, and looks at the state again; the job of every minute. */
  sweep(): Promise<void>
  /** Settles once every event until now was looked at and every answer due was given. */
  settle(): Promise<void>
}

const REST_AFTER_FAULT_MS = 1_000

export function createSafeguard({ relay, ...hands }: Hands & { relay: Relay }): Safeguard {
  const { platform } = hands
  const post: Post = { platform, limits: read('SAFEGUARD_LIMITS', readLimits), levels: read('SAFEGUARD_LEVELS', readLevels) }
  const stopping = new AbortController()
  let working: Promise<void> | undefined
  let again = false
  const follower = follow({
    platform, relay, name: 'safeguard', patterns: WATCHED, skipped: recordSkipped(platform, 'safeguard'),
    async react(tx, event) {
      const { answered } = await watch(post, tx, event)
      if (answered) tx.afterCommit(wake)
    },
  })

  function read<T>(name: 'SAFEGUARD_LIMITS' | 'SAFEGUARD_LEVELS', by: (text: string) => T): T {
    try {
      return by(platform.settings[name])
    } catch (error) {
      throw new StartupError(`The setting ${name} is not valid: ${(error as Error).message}.`)
    }
  }

  function wake(): void {
    if (stopping.signal.aborted || platform.settings.SAFEGUARD === 'off') return
    again = true
    working ??= work().finally(() => { working = undefined })
  }

  async function work(): Promise<void> {
    while (again && !stopping.signal.aborted) {
      again = false
      try {
        while (await giveNext(hands));
        while (await liftNext(hands));
        while (await tellNext(hands));
      } catch (error) {
        platform.log.error({ error }, 'an answer of the safeguard could not be given yet')
        await delay(REST_AFTER_FAULT_MS, undefined, { signal: stopping.signal, ref: false }).catch(() => {})
      }
    }
  }

  return {
    ...hands,
    async start() {
      if (platform.settings.SAFEGUARD === 'off') return
      await follower.start()
      wake()
    },
    async stop() {
      stopping.abort()
      await follower.stop()
      await working
    },
    async sweep() {
      await reassess(post)
      wake()
      await working
    },
    async settle() {
      await relay.catchUp()
      await follower.catchUp()
      wake()
      await working
    },
  }
}
