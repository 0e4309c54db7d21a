import { z } from 'zod'
import type { FastifyReply, FastifyRequest } from 'fastify'
import type { Caller, Ctx, Platform } from '../../../platform/ctx.ts'
import { page, pageInput, toPage } from '../../../platform/http/page.ts'
import { publicRoute, type Route } from '../../../platform/http/route.ts'
import type { Fence } from '../../governance/fence/fence.ts'
import { pausesOf, type PauseRow } from '../../governance/fence/pauses.ts'
import { Pause, SetPause } from '../contract.ts'
import { bringsSecret, requireOperator } from '../require-seal.ts'
import type { WrongSeals } from '../wrong-seals.ts'
import { pause, unpause, type Asking } from './change-pause.ts'

export type PauseParts = { platform: Platform; fence: Fence; wrongKeys: WrongSeals; authenticate(request: FastifyRequest): Promise<Caller> }

const at = { base: 'root', tag: 'atom', headers: z.object({ 'X-Operator-Key': z.string().optional(), Authorization: z.string().optional() }) } as const
const problems = ['invalid_operator_key', 'invalid_token', 'rate_limited', 'not_found', 'identity_boundary']
const PauseKey = z.strictObject({ pause_id: z.uuid() })
const ListPauses = z.strictObject({ ...pageInput })

export const presentPause = ({ id, scope, target, identity_id: of, set_by: by, reason, since }: PauseRow) =>
  ({ id, scope: scope as 'agent', target, for: of === null ? 'all' as const : 'one' as const, by, reason, since: since.toISOString() })

/** A person pauses what works for their own identity; the operator, with a key, any. */
export function pauseRoutes({ platform, fence, wrongKeys, authenticate }: PauseParts): Route[] {
  const askingOf = async (http: { request: FastifyRequest; reply: FastifyReply }): Promise<Asking> => {
    if (bringsSecret(http.request)) return { role: await requireOperator(platform, wrongKeys, http) }
    // Kept on the request, so that a boundary violation is recorded as theirs.
    http.request.caller = await authenticate(http.request)
    return { caller: http.request.caller }
  }
  return [
    publicRoute('POST /api/atom/pauses', {
      ...at, problems, summary: 'Pause one agent, automation, identity or sphere', input: SetPause, output: Pause, status: 201,
      run: async (ctx: Ctx, wanted, http) => presentPause(await pause(fence, ctx, await askingOf(http), wanted)),
    }),
    publicRoute('GET /api/atom/pauses', {
      ...at, problems: ['invalid_operator_key', 'invalid_token', 'rate_limited'], summary: 'List pauses, newest first: one’s own and those for everyone; with the operator’s key all', input: ListPauses, output: page(Pause),
      run: async (_ctx: Ctx, { limit, cursor }, http) => {
        const asking = await askingOf(http)
        const identityId = 'caller' in asking ? asking.caller.identityId : null
        const rows = await platform.store.within({ service: 'atom' }, (tx) => pausesOf(tx, { identityId, before: platform.cursors.decode(cursor), limit }))
        return toPage(rows, { limit, cursors: platform.cursors, keyOf: ({ id }) => id, present: presentPause })
      },
    }),
    publicRoute('DELETE /api/atom/pauses/:pause_id', {
      ...at, problems: [...problems, 'forbidden'], summary: 'Lift a pause', input: PauseKey, output: Pause,
      run: async (ctx: Ctx, { pause_id }, http) => presentPause(await unpause(fence, ctx, await askingOf(http), pause_id)),
    }),
  ]
}
