import type { Platform } from '../../platform/ctx.ts'
import type { Live } from '../../platform/live/live.ts'
import type { Fence } from '../governance/fence/fence.ts'
import { EPOCH, PERIOD_MS, phaseAt, untilNextBeat } from './beat.ts'
import { AtomHeartbeat } from './events.ts'
import { frequencyOf } from './frequency.ts'

/** Tells each beat to the sockets that listen to AT·OM, until it is stopped. Nothing is written: a beat missed is a beat missed. */
export function startPulse({ platform, live, fence }: { platform: Platform; live: Live; fence: Fence }): () => void {
  let timer: NodeJS.Timeout
  const next = (): void => {
    timer = setTimeout(() => {
      const at = platform.clock.now()
      if (live.listeners('atom') > 0) {
        live.tell({ channel: 'atom', name: AtomHeartbeat.name, at, data: { frequency: frequencyOf(fence.known()?.state ?? ''), phase: phaseAt(at), epoch: EPOCH.toISOString(), period_ms: PERIOD_MS } })
      }
      next()
    }, untilNextBeat(platform.clock.now())).unref()
  }
  next()
  return () => { clearTimeout(timer) }
}
