import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import type { Caller, Ctx, CallerCtx, Platform, ReadCtx } from '../ctx.ts'
import { preferredLanguage } from '../text.ts'
import { idempotencyKeyOf, type IdempotencyKey } from './idempotency.ts'
import { gatherInput, parseInput } from './input.ts'
import { addressKey, type createRateLimiter } from './rate-limit.ts'
import type { ReadRoute, Route, WriteRoute } from './route.ts'
import { routeSchema } from './route-schema.ts'

export const CANONICAL_PREFIX = '/api/v2'
export const ALIAS_PREFIX = '/api/v1'

export type WireAnswer = { status: number; headers: Record<string, string>; body: unknown }

/** What routes need from the domains, which the platform does not know. */
export type Wiring = {
  platform: Platform
  authenticate(request: FastifyRequest): Promise<Caller>
  /** Throws unless this caller may use this route: an API key, an auditor, an identity that is held back. */
  admit(caller: Caller, route: Route): void
  /** Takes a write through the gate. */
  performWrite(route: WriteRoute, ctx: CallerCtx, input: unknown, idempotency: IdempotencyKey | undefined): Promise<WireAnswer>
  limit: ReturnType<typeof createRateLimiter> | null
}

declare module 'fastify' {
  interface FastifyRequest { caller: Caller | null }
}

/** Mounts every route, those of the API under /api/v2 and its alias /api/v1. */
export function mountRoutes(server: FastifyInstance, routes: Route[], wiring: Wiring): void {
  for (const route of routes) {
    const prefixes = route.base === 'root' ? [''] : [CANONICAL_PREFIX, ALIAS_PREFIX]
    for (const prefix of prefixes) mountOne(server, route, `${prefix}${route.url}`, { wiring, hidden: prefix === ALIAS_PREFIX })
  }
}

function mountOne(server: FastifyInstance, route: Route, url: string, { wiring, hidden }: { wiring: Wiring; hidden: boolean }): void {
  const signedIn = route.kind !== 'handle' || route.auth === 'session'
  server.route({
    method: route.method, url,
    schema: routeSchema(route, { hidden, signedIn }),
    onRequest: async (request, reply) => {
      // The seal's routes count wrong seals only, and themselves: the right one works however many guesses come in.
      if (route.bucket === 'seal') return
      if (!signedIn) return wiring.limit?.(route.bucket, addressKey(request), reply)
      request.caller = await authenticateOrCount(request, reply, wiring)
      wiring.limit?.(route.bucket, request.caller.identityId, reply)
      wiring.admit(request.caller, route)
    },
    handler: (request, reply) => answer(route, request, reply, wiring),
  })
}

/** Requests that are refused for want of a token count against their address. */
async function authenticateOrCount(request: FastifyRequest, reply: FastifyReply, wiring: Wiring): Promise<Caller> {
  try {
    return await wiring.authenticate(request)
  } catch (error) {
    wiring.limit?.('read', addressKey(request), reply)
    throw error
  }
}

async function answer(route: Route, request: FastifyRequest, reply: FastifyReply, wiring: Wiring): Promise<FastifyReply> {
  const ctx = ctxOf(request, wiring.platform)
  const given = gatherInput(route, request)
  if (route.kind === 'write') {
    const idempotency = idempotencyKeyOf(request, `${route.method} ${route.url}`, given)
    const { status, headers, body } = await wiring.performWrite(route, ctx as CallerCtx, given, idempotency)
    return reply.code(status).headers(headers).type(status >= 400 ? 'application/problem+json; charset=utf-8' : 'application/json; charset=utf-8').send(JSON.stringify(body))
  }
  const input = parseInput(route.input, given)
  const result = route.kind === 'read' ? await readScoped(route, ctx as CallerCtx, input) : await route.run(ctx as never, input as never, { request, reply })
  if (route.kind === 'read' && route.etag) reply.header('etag', route.etag(result as never))
  // The handler has sent its answer itself: a file, or a problem with members of its own.
  if (reply.sent || reply.raw.headersSent) return reply
  if (route.status === 204) return reply.code(204).send()
  return reply.code(reply.statusCode === 200 ? route.status : reply.statusCode).type('application/json; charset=utf-8').send(JSON.stringify(route.output.parse(result)))
}

const ctxOf = (request: FastifyRequest, platform: Platform): Ctx & { caller: Caller | null } => ({
  platform, requestId: request.id, language: preferredLanguage(request.headers['accept-language']), now: () => platform.clock.now(), caller: request.caller,
})

const readScoped = (route: ReadRoute, ctx: CallerCtx, input: unknown): Promise<unknown> =>
  ctx.platform.store.within(ctx.caller, (tx) => {
    const readCtx: ReadCtx = { ...ctx, tx, db: tx.db, identityId: ctx.caller.identityId }
    return route.run(readCtx, input as never)
  })
