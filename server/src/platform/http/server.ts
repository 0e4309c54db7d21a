import type { Buffer } from 'node:buffer'
import cors from '@fastify/cors'
import helmet from '@fastify/helmet'
import swagger from '@fastify/swagger'
import swaggerUi from '@fastify/swagger-ui'
import fastify, { type FastifyInstance, type FastifyReply, type FastifyRequest } from 'fastify'
import { jsonSchemaTransform, jsonSchemaTransformObject } from 'fastify-type-provider-zod'
import type { Platform } from '../ctx.ts'
import type { Problem } from '../errors.ts'
import { newId } from '../ids.ts'
import { MethodNotAllowed, MisdirectedRequest, NotAcceptable, NotFound } from '../problems.ts'
import { VERSION } from '../version.ts'
import { checkText, checkValue, parseJson } from './json.ts'
import { sendProblem, toProblem } from './problem.ts'
import { answerBrokenRequest } from './broken-request.ts'

export const BODY_LIMIT_BYTES = 1_048_576
const REQUEST_ID = /^[A-Za-z0-9-]{8,64}$/

type Options = { platform: Platform; /** Told of every problem before it is answered. */ onProblem(problem: Problem, request: FastifyRequest): Promise<void> }

/** The HTTP server with everything that stands around the routes: limits, headers, errors, documentation. */
export async function createServer({ platform, onProblem }: Options): Promise<FastifyInstance> {
  const { settings } = platform
  const server = fastify({
    logger: false, bodyLimit: BODY_LIMIT_BYTES, requestTimeout: 10_000, keepAliveTimeout: 15_000, forceCloseConnections: 'idle', trustProxy: settings.TRUST_PROXY > 0 ? (_address: string, hop: number) => hop < settings.TRUST_PROXY : false,
    http: { headersTimeout: 5_000, connectionsCheckingInterval: 1_000, maxHeaderSize: 16_384 },
    routerOptions: { maxParamLength: 200 },
    genReqId: ({ headers }) => (typeof headers['x-request-id'] === 'string' && REQUEST_ID.test(headers['x-request-id']) ? headers['x-request-id'] : newId()),
    clientErrorHandler: answerBrokenRequest,
    frameworkErrors: (error, request, reply) => { void sendProblem(toProblem(error, BODY_LIMIT_BYTES), request as FastifyRequest, reply as FastifyReply) },
  })
  server.server.maxHeadersCount = 100
  server.setValidatorCompiler(() => () => true)
  server.setSerializerCompiler(() => (value) => JSON.stringify(value))
  takeJsonOnly(server)
  await addHeaders(server, platform)
  answerProblems(server, { platform, onProblem })
  if (settings.DOCS === 'on') await addDocs(server)
  return server
}

function takeJsonOnly(server: FastifyInstance): void {
  server.removeAllContentTypeParsers()
  server.addContentTypeParser('application/json', { parseAs: 'string' }, async (_request: FastifyRequest, body: string | Buffer) => (body.length === 0 ? undefined : parseJson(body.toString())))
  server.decorateRequest('caller', null)
  server.addHook('onRequest', async (request, reply) => {
    reply.header('x-request-id', request.id)
    checkText(decodeURIComponentSafe(request.url))
    checkValue(request.query)
    const accept = request.headers.accept
    if (accept && !/\*\/\*|application\/(\*|json|problem\+json|xml|x-ndjson)|text\/(\*|html|plain|css|javascript)|image\//i.test(accept)) throw NotAcceptable()
  })
}

function decodeURIComponentSafe(url: string): string {
  try {
    return decodeURIComponent(url)
  } catch {
    return url
  }
}

async function addHeaders(server: FastifyInstance, { settings }: Platform): Promise<void> {
  await server.register(helmet, {
    global: true,
    contentSecurityPolicy: { useDefaults: false, directives: { 'default-src': ["'none'"], 'frame-ancestors': ["'none'"] } },
    strictTransportSecurity: { maxAge: 31_536_000, includeSubDomains: true },
    crossOriginResourcePolicy: { policy: 'same-origin' }, referrerPolicy: { policy: 'no-referrer' },
  })
  await server.register(cors, {
    origin: [...settings.CORS_ORIGINS], credentials: true, maxAge: 600, methods: ['GET', 'POST', 'PUT', 'PATCH', 'DELETE'],
    allowedHeaders: ['authorization', 'content-type', 'accept-language', 'idempotency-key', 'x-identity-id', 'x-request-id', 'x-architect-seal'],
    exposedHeaders: ['x-request-id', 'x-checkpoint-id', 'location', 'retry-after', 'ratelimit', 'ratelimit-policy', 'idempotency-replayed'],
  })
  const hosts = new Set(settings.PUBLIC_HOSTS)
  server.addHook('onRequest', async (request) => {
    if (hosts.size > 0 && !hosts.has(request.hostname)) throw MisdirectedRequest()
  })
  server.addHook('onSend', async (request, reply) => {
    if (!request.url.startsWith('/docs')) reply.header('cache-control', 'no-store').header('vary', 'accept-language, authorization, origin')
  })
}

function answerProblems(server: FastifyInstance, { platform, onProblem }: Options): void {
  const patterns: Array<{ method: string; matches: RegExp }> = []
  server.addHook('onRoute', ({ method, url }) => {
    const matches = new RegExp(`^${url.replace(/[.+?^${}()|[\]\\]/g, '\\$&').replace(/:\w+/g, '[^/]+').replace(/\*/g, '.*')}$`)
    for (const one of [method].flat()) patterns.push({ method: one, matches })
  })
  const allowed = (url: string): string[] => {
    const path = url.split('?')[0] ?? ''
    return [...new Set(patterns.filter(({ matches }) => matches.test(path)).map(({ method }) => method))].toSorted()
  }
  server.setNotFoundHandler((request, reply) => {
    const allow = allowed(request.url).filter((method) => method !== 'OPTIONS' || request.method !== 'OPTIONS')
    return sendProblem(allow.length > 0 ? MethodNotAllowed({ allow }) : NotFound(), request, reply)
  })
  server.setErrorHandler(async (error, request, reply) => {
    const problem = toProblem(error, BODY_LIMIT_BYTES)
    if (problem.status >= 500) platform.log.error({ request_id: request.id, route: request.routeOptions.url, code: problem.code, error }, 'request failed')
    await onProblem(problem, request)
    return sendProblem(problem, request, reply)
  })
}

async function addDocs(server: FastifyInstance): Promise<void> {
  await server.register(swagger, {
    openapi: {
      openapi: '3.1.0',
      info: {
        title: 'CHE·NU', version: VERSION,
        description: 'Governed intelligence: governance over execution. Every route under /api/v2 answers under /api/v1 too. Errors are RFC 9457 problems with a stable code; lists take limit and cursor; POST honours Idempotency-Key.',
      },
      components: { securitySchemes: { bearer: { type: 'http', scheme: 'bearer', bearerFormat: 'JWT' } } },
    },
    transform: jsonSchemaTransform, transformObject: jsonSchemaTransformObject,
  })
  await server.register(swaggerUi, { routePrefix: '/docs', staticCSP: true, transformStaticCSP: (header) => header, uiConfig: { deepLinking: true } })
  server.get('/openapi.json', { schema: { hide: true } }, async () => server.swagger())
}
