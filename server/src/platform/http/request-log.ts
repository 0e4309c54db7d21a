import type { FastifyInstance } from 'fastify'
import type { Log } from '../log.ts'
import type { Metrics } from './metrics.ts'

/** One line a request: the route's pattern, never the address that was asked for, and nothing of who asked. */
export function logRequests(server: FastifyInstance, log: Log, metrics: Metrics): void {
  server.addHook('onResponse', async (request, reply) => {
    const route = request.routeOptions.url ?? 'unknown'
    const durationMs = Math.round(reply.elapsedTime * 10) / 10
    metrics.requests.observe({ method: request.method, route, status: String(reply.statusCode) }, reply.elapsedTime / 1_000)
    log.info({ request_id: request.id, method: request.method, route, status: reply.statusCode, duration_ms: durationMs }, 'request')
  })
}
