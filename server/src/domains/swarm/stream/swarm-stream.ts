import { z } from 'zod'
import type { Platform } from '../../../platform/ctx.ts'
import { parseJson } from '../../../platform/http/json.ts'
import { eventFrame, toBytes } from '../../../platform/live/frames.ts'
import { CLOSE } from '../../../platform/live/limits.ts'
import { BadFrame } from '../../../platform/live/problems.ts'
import type { Listener, Stream } from '../../../platform/live/stream.ts'
import { EPOCH, PERIOD_MS, phaseAt, untilNextBeat } from '../../atom/beat.ts'
import { AtomHeartbeat } from '../../atom/events.ts'
import { SceauRequired } from '../errors.ts'
import type { SceauRow } from '../queries.ts'
import { openSceau, requireSceau } from '../sceau/require-sceau.ts'
import type { FleetWatch } from './fleet-watch.ts'
import { createPace, FPS_DEFAULT, FPS_MAX, type Format, type Pace } from './pace.ts'

export const SWARM_PATH = '/ws/swarm'

const ADMISSION_MS = 10_000

const Wish = { fps: z.coerce.number().int().min(1).max(FPS_MAX).optional(), format: z.enum(['json', 'binary']).optional() }
const Message = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('sceau'), session: z.string().max(100) }),
  z.strictObject({ type: z.literal('settings'), ...Wish }),
  z.strictObject({ type: z.literal('ping') }),
])

type Viewer = { listener: Listener; fps: number; format: Format; until: Date | null }

/**
 * The fleet as points in space: the whole of it first (`connected`), then only what changes (`swarm_update`), at most 15
 * frames a second or as many as were asked for, 60 at the most. Nothing changes: nothing is sent; a client animates the
 * pulse itself. The six events of AT·OM come as text. The Sceau session comes in the handshake's header X-Sceau-Session or
 * in the first message, never in the address.
 */
export function createSwarmStream({ platform, watch }: { platform: Platform; watch: FleetWatch }): Stream & { start(): void; stop(): void } {
  const viewers = new Set<Viewer>()
  const pace: Pace = createPace({ now: () => platform.clock.now(), members: () => watch.known()?.members ?? [], frequency: () => watch.known()?.frequency ?? 0 })
  let beat: NodeJS.Timeout | undefined

  watch.onChange((indexes) => { pace.changed(indexes) })
  watch.onEvent(({ id, seq, name, data, at }) => {
    const frame = eventFrame({ id, seq, name, data, at }, 'atom')
    for (const { listener, until } of viewers) if (until) listener.send(frame)
  })

  async function admit(viewer: Viewer, row: SceauRow): Promise<void> {
    await watch.current()
    viewer.until = row.expires_at
    pace.join(viewer)
  }

  async function answer(viewer: Viewer, text: string): Promise<void> {
    const message = readMessage(text)
    if (message.type === 'sceau') {
      if (viewer.until === null) await admit(viewer, await openSceau(platform, message.session))
      return
    }
    if (viewer.until === null) throw SceauRequired()
    if (message.type === 'ping') {
      viewer.listener.send(toBytes({ type: 'pong', at: platform.clock.now().toISOString() }))
      return
    }
    pace.leave(viewer)
    Object.assign(viewer, { fps: message.fps ?? viewer.fps, format: message.format ?? viewer.format })
    pace.join(viewer)
  }

  /** Every beat: tells it, and ends what a Sceau no longer covers. */
  function nextBeat(): void {
    beat = setTimeout(() => {
      const at = platform.clock.now()
      const data = { frequency: watch.known()?.frequency ?? 0, phase: phaseAt(at), epoch: EPOCH.toISOString(), period_ms: PERIOD_MS }
      const frame = eventFrame({ id: '', seq: null, name: AtomHeartbeat.name, data, at }, 'atom')
      for (const viewer of viewers) {
        if (viewer.until && viewer.until <= at) viewer.listener.close(CLOSE.unauthenticated, 'sceau_required')
        else if (viewer.until) viewer.listener.send(frame)
      }
      nextBeat()
    }, untilNextBeat(platform.clock.now())).unref()
  }

  return {
    path: SWARM_PATH,
    admit: async (request) => ((request.headersDistinct['x-sceau-session'] ?? []).length > 0 ? requireSceau(platform, request) : undefined),
    open(listener, admitted, request) {
      const viewer: Viewer = { listener, ...wishOf(request.url ?? ''), until: null }
      viewers.add(viewer)
      const late = setTimeout(() => { if (viewer.until === null) listener.close(CLOSE.unauthenticated, 'sceau_required') }, ADMISSION_MS).unref()
      if (admitted) admit(viewer, admitted as SceauRow).catch(() => { listener.close(CLOSE.tryAgainLater, 'connect again') })
      return {
        message: (text) => answer(viewer, text),
        left() {
          clearTimeout(late)
          viewers.delete(viewer)
          pace.leave(viewer)
        },
      }
    },
    start: nextBeat,
    stop() {
      clearTimeout(beat)
      pace.stop()
    },
  }
}

function readMessage(text: string): z.output<typeof Message> {
  const parsed = Message.safeParse(safeJson(text))
  if (parsed.success) return parsed.data
  throw BadFrame({
    en: 'A message is {"type": "sceau", "session"}, {"type": "settings", "fps"?, "format"?: "json" | "binary"} or {"type": "ping"}.',
    fr: 'Un message est {"type": "sceau", "session"}, {"type": "settings", "fps"?, "format"?: "json" | "binary"} ou {"type": "ping"}.',
  })
}

function safeJson(text: string): unknown {
  try {
    return parseJson(text)
  } catch {
    return undefined
  }
}

/** What the address asks for; what it asks wrongly is left at its default. */
function wishOf(url: string): { fps: number; format: Format } {
  const query = new URL(url, 'ws://swarm').searchParams
  const fps = Wish.fps.safeParse(query.get('fps') ?? undefined)
  const format = Wish.format.safeParse(query.get('format') ?? undefined)
  return { fps: fps.data ?? FPS_DEFAULT, format: format.data ?? 'json' }
}
