import type { Platform } from '../../../platform/ctx.ts'
import { toBytes } from '../../../platform/live/frames.ts'
import { CLOSE } from '../../../platform/live/limits.ts'
import type { Listener, Stream } from '../../../platform/live/stream.ts'
import { phaseAt } from '../../atom/beat.ts'
import { TARGET } from '../../atom/frequency.ts'
import { harmonyOf } from '../fleet.ts'
import type { FleetWatch } from './fleet-watch.ts'

export const FREQUENCY_PATH = '/ws/frequency'
const GAP_MS = 100

/** Ten times a second: the frequency, its target and the harmony. For anyone: it says nothing that the status does not. */
export function createFrequencyStream({ platform, watch }: { platform: Platform; watch: FleetWatch }): Stream & { stop(): void } {
  const listeners = new Set<Listener>()
  let timer: NodeJS.Timeout | undefined

  function tell(): void {
    const fleet = watch.known()
    if (!fleet) return
    const at = platform.clock.now()
    const frame = toBytes({ type: 'frequency', frequency: fleet.frequency, target: TARGET, harmony: harmonyOf(fleet.members), phase: phaseAt(at), at: at.toISOString() })
    for (const listener of listeners) listener.send(frame)
  }

  return {
    path: FREQUENCY_PATH,
    admit: async () => { await watch.current() },
    open(listener) {
      listeners.add(listener)
      timer ??= setInterval(tell, GAP_MS).unref()
      tell()
      return {
        message: async () => { listener.close(CLOSE.policy, 'this stream takes no messages') },
        left() {
          listeners.delete(listener)
          if (listeners.size > 0) return
          clearInterval(timer)
          timer = undefined
        },
      }
    },
    stop() { clearInterval(timer) },
  }
}
