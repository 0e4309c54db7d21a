import { z } from 'zod'
import type { FastifyRequest } from 'fastify'
import type { Ctx } from '../../platform/ctx.ts'
import { publicRoute, write, type Route } from '../../platform/http/route.ts'
import { EPOCH, PERIOD_MS, phaseAt } from './beat.ts'
import { hold, kill, resume, revive, reviveSphere } from './change-fence.ts'
import { Heartbeat, HoldWork, Integrity, Revive, Revived, Status, Stop, Stopped, WorkHeld } from './contract.ts'
import { sphereIdNamed } from './dispersal/disperse-fleet.ts'
import { dispersalRoutes, type RequireSceau } from './dispersal/routes.ts'
import { IntegrityFailed } from './errors.ts'
import { DORMANT, frequencyOf, RUNNING } from './frequency.ts'
import { checkIntegrity } from './integrity.ts'
import { pauseRoutes, type PauseParts } from './pauses/routes.ts'
import { readStatus } from './read-status.ts'
import { requireOperator, requireSeal } from './require-seal.ts'
import { resonate } from './resonate.ts'
import type { WrongSeals } from './wrong-seals.ts'

const at = { base: 'root', tag: 'atom' } as const
const sealed = { ...at, bucket: 'seal' as const, input: Stop, headers: z.object({ 'X-Architect-Seal': z.string() }), problems: ['invalid_seal', 'rate_limited'] }

const held = { ...at, bucket: 'seal' as const, input: HoldWork, output: WorkHeld, headers: z.object({ 'X-Operator-Key': z.string() }), problems: ['invalid_operator_key', 'rate_limited'] }

export type AtomParts = PauseParts & { wrongSeals: WrongSeals; requireSceau: RequireSceau }

/** AT·OM's own addresses; they have no version. Seal and operator's key come in their headers, and nowhere else. */
export const atomRoutes = (parts: AtomParts): Route[] => [...stateRoutes, ...sealRoutes(parts), ...holdRoutes(parts), ...pauseRoutes(parts), ...dispersalRoutes(parts)]

const stateRoutes: Route[] = [
  publicRoute('GET /api/atom/status', { ...at, summary: 'Whether the system runs, and what is stopped, by whom, why and since when', output: Status, run: (ctx: Ctx) => readStatus(ctx.platform) }),
  publicRoute('GET /api/atom/heartbeat', {
    ...at, summary: 'The beat: frequency and phase, from which a client animates the pulse', output: Heartbeat,
    run: async (ctx: Ctx) => {
      const now = ctx.now()
      return { frequency: frequencyOf((await readStatus(ctx.platform)).status), phase: phaseAt(now), timestamp: now.toISOString(), epoch: EPOCH.toISOString(), period_ms: PERIOD_MS }
    },
  }),
  write('POST /api/atom/resonance', resonate, { ...at, status: 200, problems: ['invalid_frequency'] }),
]

const sealRoutes = ({ fence, wrongSeals }: AtomParts): Route[] => [
  publicRoute('POST /api/atom/killswitch', {
    ...sealed, summary: 'Stop: nothing is executed any more once this has answered', output: Stopped,
    run: async (ctx: Ctx, { reason }, http) => {
      await requireSeal(ctx.platform, wrongSeals, http)
      await kill(fence, ctx, reason || reasonInQuery(http.request))
      return { status: 'dormant' as const, frequency: DORMANT }
    },
  }),
  publicRoute('POST /api/atom/revive', {
    ...sealed, summary: 'Run again, after a look at what is unsettled; with a sphere: bring its dispersed agents back', input: Revive, output: Revived, problems: [...sealed.problems, 'integrity_failed', 'conflict'],
    run: async (ctx: Ctx, { reason, sphere, acknowledge }, http) => {
      await requireSeal(ctx.platform, wrongSeals, http)
      const integrity = await checkIntegrity(ctx.platform)
      if (!integrity.record.valid && !acknowledge) throw IntegrityFailed({ integrity })
      const told = reason || reasonInQuery(http.request)
      const sphereId = await sphereIdNamed(ctx.platform, { sphere })
      if (sphereId === null) await revive(fence, ctx, { reason: told, acknowledged: !integrity.record.valid })
      else await reviveSphere(fence, ctx, { reason: told, sphereId })
      return { status: 'operational' as const, frequency: RUNNING, integrity }
    },
  }),
  publicRoute('GET /api/atom/integrity', {
    ...at, bucket: 'seal', headers: sealed.headers, problems: sealed.problems, summary: 'What is unsettled, whether the record holds, and what waits: to look at before reviving', output: Integrity,
    run: async (ctx: Ctx, _input, http) => {
      await requireSeal(ctx.platform, wrongSeals, http)
      return checkIntegrity(ctx.platform)
    },
  }),
]

const holdRoutes = ({ platform, fence, wrongKeys }: AtomParts): Route[] => [
  publicRoute('POST /api/atom/hold', {
    ...held, summary: 'Hold: no new agent work begins; what has begun ends, and people work on',
    run: async (ctx: Ctx, { reason }, http) => {
      const by = await requireOperator(platform, wrongKeys, http)
      await hold(fence, ctx, { by, reason: reason ?? 'manual' })
      return { status: 'held' as const, since: (await readStatus(platform)).states.find(({ strength }) => strength === 'hold')?.since ?? null }
    },
  }),
  publicRoute('POST /api/atom/resume', {
    ...held, summary: 'Let agent work begin again after a hold',
    run: async (ctx: Ctx, { reason }, http) => {
      const by = await requireOperator(platform, wrongKeys, http)
      await resume(fence, ctx, { by, reason: reason ?? 'manual' })
      return { status: 'resumed' as const, since: null }
    },
  }),
]

function reasonInQuery({ query }: FastifyRequest): string {
  const { reason } = query as { reason?: unknown }
  return (typeof reason === 'string' && reason.trim().slice(0, 300)) || 'manual'
}
