import { z } from 'zod'
import type { FastifySchema } from 'fastify'
import { problemKinds } from '../errors.ts'
import type { Route } from './route.ts'

/** The RFC 9457 body of every answer from 400 up. */
export const ProblemBody = z.object({
  type: z.string(), title: z.string(), status: z.int(), detail: z.string(), code: z.string(), request_id: z.string(),
  errors: z.array(z.object({ path: z.string(), message: z.string() })).optional(),
}).meta({ id: 'Problem' })

const EVERYWHERE = ['malformed_request', 'validation_error', 'rate_limited', 'internal_error', 'unavailable']
const THROUGH_THE_GATE = ['dormant', 'identity_boundary', 'policy_denied', 'not_found', 'conflict']

/** What the OpenAPI page says of a route; validation itself happens where the input is gathered. */
export function routeSchema(route: Route, { hidden, signedIn }: { hidden: boolean; signedIn: boolean }): FastifySchema {
  const names = [...route.url.matchAll(/:(\w+)/g)].map((match) => match[1] ?? '')
  const inPath: Record<never, true> = Object.fromEntries(names.map((name) => [name, true as const]))
  const rest = names.length > 0 ? route.input.omit(inPath) : route.input
  const hasRest = Object.keys(rest.shape).length > 0
  const inQuery = route.method === 'GET' || route.method === 'DELETE'
  return {
    summary: route.summary, tags: [route.tag], hide: hidden,
    ...(signedIn ? { security: [{ bearer: [] }] } : {}),
    ...(names.length > 0 ? { params: route.input.pick(inPath) } : {}),
    ...(hasRest && inQuery ? { querystring: rest } : {}),
    ...(hasRest && !inQuery ? { body: rest } : {}),
    response: { [route.status]: route.status === 204 ? z.null().describe('No content') : route.output, ...problemResponses(route, signedIn) },
  } as FastifySchema
}

function problemResponses(route: Route, signedIn: boolean): Record<number, z.ZodType> {
  const codes = [...EVERYWHERE, ...(signedIn ? ['invalid_token'] : []), ...(route.kind === 'write' ? [...THROUGH_THE_GATE, ...(heldOverRest(route) ? ['checkpoint_required'] : [])] : []), ...route.problems]
  const byStatus = new Map<number, string[]>()
  for (const code of new Set(codes)) {
    const status = problemKinds().get(code)?.status
    if (status !== undefined) byStatus.set(status, [...(byStatus.get(status) ?? []), code])
  }
  return Object.fromEntries([...byStatus].map(([status, of]) => [status, ProblemBody.describe(`Problem: ${of.join(', ')}`)]))
}

const heldOverRest = (route: Route): boolean => route.kind === 'write' && ['TRANSFER', 'PAYMENT', 'GRANT'].includes(route.action.effect)
