import cors, { type FastifyCorsOptions, type FastifyCorsOptionsDelegateCallback } from '@fastify/cors'
import helmet from '@fastify/helmet'
import type { FastifyInstance, FastifyRequest } from 'fastify'
import type { Settings } from '../settings.ts'

/** Puts helmet's headers on every answer, lets the listed origins read it, and lets nobody store it. */
export async function addHeaders(server: FastifyInstance, { CORS_ORIGINS }: Settings): Promise<void> {
  await server.register(helmet, {
    global: true,
    contentSecurityPolicy: { useDefaults: false, directives: { 'default-src': ["'none'"], 'frame-ancestors': ["'none'"] } },
    strictTransportSecurity: { maxAge: 31_536_000, includeSubDomains: true },
    crossOriginResourcePolicy: { policy: 'same-origin' }, referrerPolicy: { policy: 'no-referrer' }, xFrameOptions: { action: 'deny' },
  })
  server.addHook('onRequest', async (request, reply) => { reply.header('x-request-id', request.id) })
  if (CORS_ORIGINS.length > 0) await server.register(cors, () => choose(new Set(CORS_ORIGINS)))
  // Hooks on sending call back at once: what a handler has sent by itself is sent when it returns (mount.ts).
  server.addHook('onSend', (request, reply, _payload, done) => {
    // The pages of the documentation are the same for everyone, and say themselves how long they may be kept.
    if (!request.url.startsWith('/docs')) reply.header('cache-control', 'no-store').header('vary', 'accept-language, authorization, origin')
    done()
  })
}

const LISTED: FastifyCorsOptions = {
  origin: true, credentials: true, maxAge: 600, methods: ['GET', 'POST', 'PUT', 'PATCH', 'DELETE'],
  allowedHeaders: ['authorization', 'content-type', 'accept-language', 'idempotency-key', 'x-identity-id', 'x-request-id', 'x-architect-seal'],
  exposedHeaders: ['x-request-id', 'x-checkpoint-id', 'location', 'retry-after', 'ratelimit', 'ratelimit-policy', 'idempotency-replayed'],
}
const OTHERS: FastifyCorsOptions = { origin: false }

/** To any other origin, and to an OPTIONS that is no preflight, the server says nothing about origins at all. */
function choose(origins: ReadonlySet<string>): FastifyCorsOptionsDelegateCallback {
  return ({ headers, method }: FastifyRequest, callback) => {
    const isListed = headers.origin !== undefined && origins.has(headers.origin)
    callback(null, isListed && (method !== 'OPTIONS' || headers['access-control-request-method'] !== undefined) ? LISTED : OTHERS)
  }
}
