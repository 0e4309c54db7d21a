import type { FastifyInstance } from 'fastify'
import { buildDomains } from './domains.ts'
import { createAccounts } from './domains/accounts/create-accounts.ts'
import type { Gate } from './domains/governance/gate.ts'
import { recordRefusal } from './domains/governance/refusals.ts'
import { writeThrough } from './domains/governance/write-through.ts'
import type { AnyAction } from './platform/action.ts'
import { systemClock, type Clock } from './platform/clock.ts'
import type { Platform } from './platform/ctx.ts'
import { createStore } from './platform/db/store.ts'
import { mountRoutes } from './platform/http/mount.ts'
import { createCursors } from './platform/http/page.ts'
import { createRateLimiter } from './platform/http/rate-limit.ts'
import { createServer } from './platform/http/server.ts'
import { healthRoutes, mountMetrics } from './platform/http/health.ts'
import { logRequests } from './platform/http/request-log.ts'
import { createLog, type Log } from './platform/log.ts'
import { createMetrics } from './platform/http/metrics.ts'
import type { Secrets } from './platform/secrets.ts'
import type { Settings } from './platform/settings.ts'

/** Where the server's database is: `serverUrl` under its own role. Tests override clock and log. */
export type AppOptions = { settings: Settings; secrets: Secrets; serverUrl: string; clock?: Clock; log?: Log }

export type App = {
  server: FastifyInstance
  platform: Platform
  gate: Gate
  /** Starts to serve; the address. */
  listen(): Promise<string>
  /** Stops taking requests, lets those in flight end, and closes everything. */
  close(): Promise<void>
}

/** The only place that builds things, in the order in which they stand on each other. */
export async function createApp({ settings, secrets, serverUrl, clock = systemClock, log = createLog(settings.LOG_LEVEL) }: AppOptions): Promise<App> {
  const store = createStore({ url: serverUrl, connections: settings.DATABASE_POOL, log })
  const platform: Platform = { settings, secrets, clock, log, store, cursors: createCursors(secrets.derive('cursors')) }
  const actions = new Map<string, AnyAction>()
  const gate: Gate = { platform, actions, continuations: new Map() }
  const accounts = createAccounts(platform)
  const domains = buildDomains({ platform, gate, accounts })
  for (const action of domains.flatMap((domain) => domain.actions)) register(actions, action)

  const server = await createServer({ platform, onProblem: (problem, request) => (request.caller ? recordRefusal(platform, { caller: request.caller, via: 'rest', requestId: request.id, runId: null }, problem) : Promise.resolve()) })
  const metrics = createMetrics(store)
  logRequests(server, log, metrics)
  if (settings.DOCS === 'on') mountMetrics(server, metrics)
  mountRoutes(server, [...healthRoutes(platform), ...domains.flatMap((domain) => domain.routes)], {
    platform, authenticate: accounts.authenticate, limit: settings.RATE_LIMIT === 'on' ? createRateLimiter(() => clock.now().getTime()) : null,
    performWrite: (route, ctx, input, idempotency) => writeThrough(gate, route, ctx, { input, idempotency }),
  })
  return {
    server, platform, gate,
    listen: () => server.listen({ host: settings.HOST, port: settings.PORT }),
    async close() {
      await server.close()
      await store.close()
    },
  }
}

/** Invariant 1: what declares no effect class or no schema of its arguments cannot be registered. */
function register(actions: Map<string, AnyAction>, action: AnyAction): void {
  if (actions.has(action.name)) throw new TypeError(`Action ${action.name} is declared twice`)
  if (!action.effect || !action.input || !action.output) throw new TypeError(`Action ${action.name} lacks its effect class or a schema`)
  actions.set(action.name, action)
}
