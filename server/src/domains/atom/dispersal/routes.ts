import { z } from 'zod'
import type { FastifyRequest } from 'fastify'
import type { Ctx, Platform } from '../../../platform/ctx.ts'
import { isProblem } from '../../../platform/errors.ts'
import { parseInput } from '../../../platform/http/input.ts'
import { publicRoute, type Route } from '../../../platform/http/route.ts'
import { instanceScene } from '../../audit/instance.ts'
import { record } from '../../audit/record.ts'
import { issueCode } from '../../governance/fence/dispersal.ts'
import { InvalidCode } from '../../governance/fence/errors.ts'
import type { Fence } from '../../governance/fence/fence.ts'
import { Code, Disperse, DisperseGiven, DispersedFleet } from '../contract.ts'
import { requireOperator } from '../require-seal.ts'
import { createWrongSeals, type WrongSeals } from '../wrong-seals.ts'
import { disperseFleet } from './disperse-fleet.ts'

/** Lets a request with a living Sceau pass, and throws for another; null while the instance asks for none. */
export type RequireSceau = ((request: FastifyRequest) => Promise<void>) | null

export type DispersalParts = { platform: Platform; fence: Fence; wrongKeys: WrongSeals; requireSceau: RequireSceau }

const guarded = { tag: 'atom', bucket: 'seal' as const, headers: z.object({ 'X-Operator-Key': z.string() }) }
const problems = ['sceau_required', 'invalid_operator_key', 'rate_limited']

/** Protocol-999: a code first, then the dispersal that it is for. Both want the operator's right. */
export function dispersalRoutes({ platform, fence, wrongKeys, requireSceau }: DispersalParts): Route[] {
  const wrongCodes = createWrongSeals(platform, 'atom.code_refused')
  return [
    publicRoute('POST /protocol-999/code', {
      ...guarded, problems, summary: 'A confirmation code: good for one dispersal within five minutes', output: Code, status: 201,
      run: async (ctx: Ctx, _input, http) => {
        await requireSceau?.(http.request)
        const by = await requireOperator(platform, wrongKeys, http)
        const scene = instanceScene({ role: by, requestId: ctx.requestId, now: () => ctx.now() })
        const { code, expiresAt } = await issueCode(platform, { by, announce: (tx) => { record(tx, scene, { action: 'atom.code_issued', outcome: 'done' }) } })
        return { code, expires_at: expiresAt.toISOString() }
      },
    }),
    publicRoute('DELETE /protocol-999', {
      ...guarded, summary: 'Disperse agents: partial (70), sectoral (a sphere, or 175) or total (350); once an hour unless the level rises', input: DisperseGiven, output: DispersedFleet,
      headers: guarded.headers.extend({ 'X-Confirmation-Code': z.string() }), problems: [...problems, 'invalid_confirmation_code'],
      run: async (ctx: Ctx, given, http) => {
        await requireSceau?.(http.request)
        const by = await requireOperator(platform, wrongKeys, http)
        const wanted = parseInput(Disperse, { ...given, ...(http.request.body as object | undefined) })
        const codes = http.request.raw.headersDistinct['x-confirmation-code'] ?? []
        try {
          return await disperseFleet(fence, ctx, { ...wanted, by, code: codes.length === 1 ? codes[0] ?? '' : '' })
        } catch (error) {
          if (isProblem(error, InvalidCode)) await wrongCodes.note(http.request, http.reply)
          throw error
        }
      },
    }),
  ]
}
