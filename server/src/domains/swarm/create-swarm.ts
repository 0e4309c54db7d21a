import type { Platform } from '../../platform/ctx.ts'
import type { Relay } from '../../platform/events/relay.ts'
import type { Stream } from '../../platform/live/stream.ts'
import { createFleetWatch } from './stream/fleet-watch.ts'
import { createFrequencyStream } from './stream/frequency-stream.ts'
import { createSwarmStream } from './stream/swarm-stream.ts'

export type Swarm = { streams: Stream[]; start(): void; stop(): void }

/** The live side of the swarm on this node. */
export function createSwarm({ platform, relay }: { platform: Platform; relay: Relay }): Swarm {
  const watch = createFleetWatch({ platform, relay })
  const swarm = createSwarmStream({ platform, watch })
  const frequency = createFrequencyStream({ platform, watch })
  return {
    streams: [swarm, frequency],
    start() {
      watch.start()
      swarm.start()
    },
    stop() {
      swarm.stop()
      frequency.stop()
      watch.stop()
    },
  }
}
