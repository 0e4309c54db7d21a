import fastify, { type FastifyInstance, type FastifyReply, type FastifyRequest } from 'fastify'
import type { Platform } from '../ctx.ts'
import { newId } from '../ids.ts'
import type { Log } from '../log.ts'
import { answerProblems, type OnProblem } from './answer-problems.ts'
import { answerBrokenRequests } from './broken-request.ts'
import { checkRequests } from './check-request.ts'
import { endConnectionsOnClose } from './drain.ts'
import { closeGently } from './close-gently.ts'
import { addHeaders } from './headers.ts'
import { BODY_LIMIT_BYTES, takeJsonOnly } from './json-body.ts'
import { knowAddresses } from './known-addresses.ts'
import { createNodeServer, TIMEOUTS, type Timeouts } from './node-server.ts'
import { addDocs } from './openapi.ts'
import { sendProblem, toProblem } from './problem.ts'
import { SAFE_HEADERS } from './safe-headers.ts'

const REQUEST_ID = /^[A-Za-z0-9-]{8,64}$/
const PARAMETER_MAX = 200

type Options = { platform: Pick<Platform, 'settings' | 'log'>; /** Told of every problem before it is answered. */ onProblem: OnProblem; timeouts?: Partial<Timeouts> }

/**
 * The HTTP server with everything that stands around the routes. Hooks run in the order in which they are added here:
 * headers first, so that whatever is refused afterwards carries them.
 */
export async function createServer({ platform, onProblem, timeouts }: Options): Promise<FastifyInstance> {
  const { settings, log } = platform
  const server: FastifyInstance = fastify({
    logger: false, bodyLimit: BODY_LIMIT_BYTES, forceCloseConnections: 'idle', return503OnClosing: false,
    trustProxy: settings.TRUST_PROXY > 0 ? (_address: string, hop: number) => hop < settings.TRUST_PROXY : false,
    serverFactory: (handler) => createNodeServer(handler, { ...TIMEOUTS, ...timeouts }),
    routerOptions: { maxParamLength: PARAMETER_MAX },
    genReqId: ({ headers }) => (typeof headers['x-request-id'] === 'string' && REQUEST_ID.test(headers['x-request-id']) ? headers['x-request-id'] : newId()),
    clientErrorHandler: answerBrokenRequests(log),
    frameworkErrors: (error, request, reply) => { answerBadAddress(error, request as FastifyRequest, reply as FastifyReply, log) },
  })
  server.decorateRequest('caller', null)
  endConnectionsOnClose(server)
  server.setValidatorCompiler(() => () => true)
  server.setSerializerCompiler(() => (value) => JSON.stringify(value))
  await addHeaders(server, settings)
  const refuseUnknown = knowAddresses(server)
  closeGently(server)
  checkRequests(server, { settings, refuseUnknown })
  takeJsonOnly(server)
  answerProblems(server, { platform, onProblem, refuseUnknown })
  if (settings.DOCS === 'on') await addDocs(server)
  return server
}

/** An address that the router cannot read is refused before any hook has run. */
function answerBadAddress(error: Error, request: FastifyRequest, reply: FastifyReply, log: Log): void {
  const problem = toProblem(error)
  log.info({ request_id: request.id, method: request.method, route: 'unknown', status: problem.status }, 'request')
  void sendProblem(problem, request, reply.headers({ ...SAFE_HEADERS, 'x-request-id': request.id }))
}
