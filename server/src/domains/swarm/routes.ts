import type { FastifyRequest } from 'fastify'
import type { Ctx } from '../../platform/ctx.ts'
import { publicRoute, type Route } from '../../platform/http/route.ts'
import { EPOCH, PERIOD_MS, phaseAt } from '../atom/beat.ts'
import { DORMANT, TARGET } from '../atom/frequency.ts'
import { ActivateSceau, FrequencyNow, SceauActivated, SceauBegun, SceauHeader, SwarmActivated, SwarmStatus } from './contract.ts'
import { harmonyOf, presentStatus, readFleet } from './fleet.ts'
import { activateSwarm } from './queries.ts'
import { activateSceau } from './sceau/activate-sceau.ts'
import { beginSceau } from './sceau/begin-sceau.ts'
import { requireSceau } from './sceau/require-sceau.ts'
import { SWARM_PATH } from './stream/swarm-stream.ts'

const sceau = { tag: 'swarm', bucket: 'sceau' } as const
const swarm = { tag: 'swarm', bucket: 'swarm', headers: SceauHeader, problems: ['sceau_required'] } as const

/** The Sceau and what it opens. Its sessions are anonymous: nothing here knows who asks. */
export const routes: Route[] = [
  publicRoute('POST /sceau/begin', { ...sceau, summary: 'Begin the touch of the Sceau; the server takes the time', output: SceauBegun, status: 201, run: (ctx: Ctx) => beginSceau(ctx) }),
  publicRoute('POST /sceau/activate', {
    ...sceau, summary: 'End the touch: an anonymous session, when it lasted long enough by the server’s clock', input: ActivateSceau, output: SceauActivated,
    problems: ['sceau_too_short', 'not_found', 'conflict', 'gone'], run: (ctx: Ctx, input) => activateSceau(ctx, input),
  }),
  publicRoute('POST /swarm/activate', {
    ...swarm, problems: [...swarm.problems], summary: 'Open the swarm for this Sceau session', output: SwarmActivated,
    run: async (ctx: Ctx, _input, { request }) => {
      const { session_hash } = await requireSceau(ctx.platform, request.raw)
      await ctx.platform.store.within({ service: 'sceau' }, (tx) => tx.send(activateSwarm(tx.db, session_hash ?? '', ctx.now())))
      const { frequency, members } = await readFleet(ctx.platform)
      return { agent_count: members.length, spheres: [...new Set(members.map(({ sphere }) => sphere))], frequency, ws_url: `${request.protocol === 'https' ? 'wss' : 'ws'}://${hostOf(request)}${SWARM_PATH}` }
    },
  }),
  publicRoute('GET /swarm/status', {
    ...swarm, problems: [...swarm.problems], summary: 'The fleet by sphere, and how much of it may act', output: SwarmStatus,
    run: async (ctx: Ctx, _input, { request }) => {
      const { swarm_activated_at } = await requireSceau(ctx.platform, request.raw)
      return presentStatus(await readFleet(ctx.platform), swarm_activated_at !== null)
    },
  }),
  publicRoute('GET /frequency', {
    tag: 'swarm', bucket: 'health', summary: 'The frequency now, its target, and how to animate it', output: FrequencyNow,
    run: async (ctx: Ctx) => {
      const { frequency, members } = await readFleet(ctx.platform)
      return { frequency, target: TARGET, dormant_frequency: DORMANT, harmony: harmonyOf(members), phase: phaseAt(ctx.now()), epoch: EPOCH.toISOString(), period_ms: PERIOD_MS }
    },
  }),
]

/** PUBLIC_HOSTS, where set, has been compared with it already. */
const hostOf = (request: FastifyRequest): string => request.host
