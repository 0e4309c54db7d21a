import { follow } from '../../platform/events/follow.ts'
import type { Relay } from '../../platform/events/relay.ts'
import { createWorkers } from '../../platform/jobs/workers.ts'
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

export function createSafeguard({ relay, ...hands }: Hands & { relay: Relay }): Safeguard {
  const { platform } = hands
  const post: Post = { platform, limits: read('SAFEGUARD_LIMITS', readLimits), levels: read('SAFEGUARD_LEVELS', readLevels) }
  const isOn = platform.settings.SAFEGUARD !== 'off'
  const workers = createWorkers({
    most: 1, log: platform.log, fault: 'an answer of the safeguard could not be given yet',
    takeNext: async () => isOn && (await giveNext(hands) || await liftNext(hands) || await tellNext(hands)),
  })
  const follower = follow({
    platform, relay, name: 'safeguard', patterns: WATCHED, skipped: recordSkipped(platform, 'safeguard'),
    async react(tx, event) {
      const { answered } = await watch(post, tx, event)
      if (answered) tx.afterCommit(workers.wake)
    },
  })

  function read<T>(name: 'SAFEGUARD_LIMITS' | 'SAFEGUARD_LEVELS', by: (text: string) => T): T {
    try {
      return by(platform.settings[name])
    } catch (error) {
      throw new StartupError(`The setting ${name} is not valid: ${(error as Error).message}.`)
    }
  }

  return {
    ...hands,
    async start() {
      if (!isOn) return
      await follower.start()
      workers.wake()
    },
    async stop() {
      await Promise.all([workers.stop(), follower.stop()])
    },
    async sweep() {
      await reassess(post)
      await workers.sweep()
    },
    async settle() {
      await relay.catchUp()
      await follower.catchUp()
      await workers.sweep()
    },
  }
}
