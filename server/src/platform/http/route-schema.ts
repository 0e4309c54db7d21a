import { STATUS_CODES } from 'node:http'
import { z } from 'zod'
import type { FastifySchema } from 'fastify'
import { problemKinds } from '../errors.ts'
import type { Route } from './route.ts'

/** The RFC 9457 body of every answer from 400 up. */
export const ProblemBody = z.looseObject({
  type: z.string(), title: z.string(), status: z.int(), detail: z.string(), code: z.string(), request_id: z.string(),
  errors: z.array(z.object({ path: z.string(), message: z.string(), line: z.int().optional(), column: z.int().optional() })).optional(),
}).meta({ id: 'Problem' })

/** The body of 423: what waits, and where it is decided. */
const HeldBody = ProblemBody.extend({
  run_id: z.uuid().nullable(),
  checkpoint: z.object({
    id: z.uuid(), type: z.string(), effect: z.string(), summary: z.string(), tool: z.string().nullable(), args: z.record(z.string(), z.unknown()).nullable(), action_hash: z.string(), shown_hash: z.string().nullable(), expires_at: z.iso.datetime(),
  }),
}).meta({ id: 'HeldProblem' })

/** The body of 409 where a name fits several rows: which ones. */
const ConflictBody = ProblemBody.extend({ candidates: z.array(z.object({ id: z.string(), type: z.string(), title: z.string() })).optional() }).meta({ id: 'ConflictProblem' })

const bodyOf = (codes: string[]): z.ZodType => (codes.includes('checkpoint_required') ? HeldBody : codes.includes('ambiguous') ? ConflictBody : ProblemBody)

const EVERYWHERE = ['malformed_request', 'validation_error', 'rate_limited', 'internal_error', 'unavailable', 'timeout']
const WITH_A_BODY = ['payload_too_large', 'unsupported_media_type']
const THROUGH_THE_GATE = ['dormant', 'identity_boundary', 'policy_denied', 'not_found', 'conflict']

/** A name for clients that are generated: its method and the words of its address. */
const operationOf = ({ method, url }: Route): string => [method.toLowerCase(), ...url.split(/[/-]/).filter(Boolean)].join('_').replaceAll(':', 'by_')

const IdentityHeader = { 'x-identity-id': z.uuid().optional().describe('Another of your identities to act as, instead of the token’s') }
const KeyHeader = { 'idempotency-key': z.string().min(1).max(255).optional().describe('The same key with the same body finds the same answer, for seven days') }

/** What the OpenAPI page says of a route; validation itself happens where the input is gathered. */
export function routeSchema(route: Route, { hidden, signedIn }: { hidden: boolean; signedIn: boolean }): FastifySchema {
  const names = [...route.url.matchAll(/:(\w+)/g)].map((match) => match[1] ?? '')
  const inPath: Record<never, true> = Object.fromEntries(names.map((name) => [name, true as const]))
  const rest = names.length > 0 ? route.input.omit(inPath) : route.input
  const hasRest = Object.keys(rest.shape).length > 0
  const inQuery = route.method === 'GET' || route.method === 'DELETE'
  return {
    summary: route.summary, tags: [route.tag], hide: hidden, operationId: operationOf(route),
    ...(route.headers ? { headers: route.headers } : {}),
    ...(signedIn ? { security: [{ bearer: [] }], headers: z.object({ ...IdentityHeader, ...(takesKey(route) ? KeyHeader : {}) }) } : {}),
    ...(names.length > 0 ? { params: route.input.pick(inPath) } : {}),
    ...(hasRest && inQuery ? { querystring: rest } : {}),
    ...(hasRest && !inQuery ? { body: rest } : {}),
    response: { [route.status]: answerOf(route), ...problemResponses(route, signedIn) },
  } as FastifySchema
}

const answerOf = ({ output, media = 'application/json', status }: Route) => ({ description: STATUS_CODES[status] ?? 'Done', content: Object.fromEntries([media].flat().map((one) => [one, { schema: output }])) })

function problemResponses(route: Route, signedIn: boolean): Record<number, unknown> {
  const byStatus = Map.groupBy(codesOf(route, signedIn), (code) => problemKinds().get(code)?.status ?? 0)
  return Object.fromEntries([...byStatus].map(([status, codes]) => [status, { description: codes.join(', '), content: { 'application/problem+json': { schema: bodyOf(codes) } } }]))
}

/** Every code that a route may answer with, once. */
const codesOf = (route: Route, signedIn: boolean): string[] => [...new Set([
  ...EVERYWHERE, ...(route.method === 'GET' ? [] : WITH_A_BODY), ...(signedIn ? ['invalid_token', 'identity_boundary'] : []), ...(takesKey(route) ? ['idempotency_mismatch'] : []),
  ...(route.kind === 'write' ? THROUGH_THE_GATE : []), ...(isHeldOverRest(route) ? ['checkpoint_required'] : []), ...route.problems,
])]

const takesKey = (route: Route): boolean => route.method === 'POST' && (route.kind === 'write' || route.problems.includes('idempotency_mismatch'))

const isHeldOverRest = (route: Route): boolean => route.kind === 'write' && (route.action.alwaysAsks === true || ['TRANSFER', 'PAYMENT', 'GRANT'].includes(route.action.effect))
