import { z } from 'zod'
import type { FastifyRequest } from 'fastify'
import type { Ctx } from '../../platform/ctx.ts'
import { publicRoute, write, type Route } from '../../platform/http/route.ts'
import type { Fence } from '../governance/fence/fence.ts'
import { EPOCH, PERIOD_MS, phaseAt } from './beat.ts'
import { kill, revive } from './change-fence.ts'
import { Heartbeat, Revived, Status, Stop, Stopped } from './contract.ts'
import { DORMANT, frequencyOf, RUNNING } from './frequency.ts'
import { readStatus } from './read-status.ts'
import { requireSeal } from './require-seal.ts'
import { resonate } from './resonate.ts'
import type { WrongSeals } from './wrong-seals.ts'

const at = { base: 'root', tag: 'atom' } as const
const sealed = { ...at, bucket: 'seal' as const, input: Stop, headers: z.object({ 'X-Architect-Seal': z.string() }), problems: ['invalid_seal', 'rate_limited'] }

/** AT·OM's own addresses; they have no version. The seal comes in the header X-Architect-Seal, and nowhere else. */
export const atomRoutes = (fence: Fence, wrong: WrongSeals): Route[] => [
  publicRoute('GET /api/atom/status', { ...at, summary: 'Whether the system runs or is dormant', output: Status, run: (ctx: Ctx) => readStatus(ctx.platform) }),
  publicRoute('GET /api/atom/heartbeat', {
    ...at, summary: 'The beat: frequency and phase, from which a client animates the pulse', output: Heartbeat,
    run: async (ctx: Ctx) => {
      const now = ctx.now()
      return { frequency: frequencyOf((await readStatus(ctx.platform)).status), phase: phaseAt(now), timestamp: now.toISOString(), epoch: EPOCH.toISOString(), period_ms: PERIOD_MS }
    },
  }),
  write('POST /api/atom/resonance', resonate, { ...at, status: 200, problems: ['invalid_frequency'] }),
  publicRoute('POST /api/atom/killswitch', {
    ...sealed, summary: 'Stop: nothing is executed any more once this has answered', output: Stopped,
    run: async (ctx: Ctx, { reason }, http) => {
      await requireSeal(ctx.platform, wrong, http)
      await kill(fence, ctx, reason || reasonInQuery(http.request))
      return { status: 'dormant' as const, frequency: DORMANT }
    },
  }),
  publicRoute('POST /api/atom/revive', {
    ...sealed, summary: 'Run again', output: Revived,
    run: async (ctx: Ctx, { reason }, http) => {
      await requireSeal(ctx.platform, wrong, http)
      await revive(fence, ctx, reason || reasonInQuery(http.request))
      return { status: 'operational' as const, frequency: RUNNING }
    },
  }),
]

function reasonInQuery({ query }: FastifyRequest): string {
  const { reason } = query as { reason?: unknown }
  return (typeof reason === 'string' && reason.trim().slice(0, 300)) || 'manual'
}
