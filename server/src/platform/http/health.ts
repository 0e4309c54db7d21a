import type { FastifyInstance } from 'fastify'
import { sql } from 'kysely'
import { z } from 'zod'
import type { Platform } from '../ctx.ts'
import { ServiceUnavailable } from '../problems.ts'
import { VERSION } from '../version.ts'
import type { Metrics } from './metrics.ts'
import { publicRoute, type Route } from './route.ts'

const Alive = z.object({ status: z.literal('ok') })
const Ready = z.object({ status: z.literal('ready'), database: z.literal('ok'), migrations: z.string(), queue: z.literal('ok') })
const Version = z.object({ name: z.string(), version: z.string(), api: z.array(z.string()) })
const DatabaseHealth = z.object({ status: z.literal('ok'), latency_ms: z.number(), postgres: z.string() })

/** What the database says of itself; throws ServiceUnavailable when it does not answer. */
async function askDatabase({ store }: Platform): Promise<{ postgres: string; migration: string; queue: boolean; latencyMs: number }> {
  const started = performance.now()
  return store.within({ service: 'health' }, async (tx) => {
    const [row] = await tx.send(sql<{ postgres: string; migration: string | null; queue: boolean }>`
      select current_setting('server_version') as postgres, (select max(name) from kysely_migration) as migration, to_regclass('pgboss.job') is not null as queue`.compile(tx.db))
    return { postgres: row?.postgres ?? '', migration: row?.migration ?? '', queue: row?.queue ?? false, latencyMs: Math.round((performance.now() - started) * 10) / 10 }
  })
}

/** The instance's own routes; app.ts mounts them beside those of the domains. */
export const healthRoutes = (platform: Platform): Route[] => [
  publicRoute('GET /health', { base: 'root', bucket: 'health', tag: 'health', summary: 'Alive', output: Alive, run: async () => ({ status: 'ok' as const }) }),
  publicRoute('GET /ready', {
    base: 'root', bucket: 'health', tag: 'health', summary: 'Able to serve: database, migrations, queue', output: Ready,
    run: async () => {
      const { migration, queue } = await askDatabase(platform)
      if (!migration || !queue) throw ServiceUnavailable({ retryAfterSeconds: 5 })
      return { status: 'ready' as const, database: 'ok' as const, migrations: migration, queue: 'ok' as const }
    },
  }),
  ...(['v1', 'v2'] as const).flatMap((version) => [
    publicRoute(`GET /api/${version}/version`, { base: 'root', bucket: 'health', tag: 'health', summary: 'Version of the product', output: Version, run: async () => ({ name: 'CHE·NU', version: VERSION, api: ['v1', 'v2'] }) }),
    publicRoute(`GET /api/${version}/health/db`, {
      base: 'root', bucket: 'health', tag: 'health', summary: 'The database answers', output: DatabaseHealth,
      run: async () => {
        const { postgres, latencyMs } = await askDatabase(platform)
        return { status: 'ok' as const, latency_ms: latencyMs, postgres }
      },
    }),
  ]),
]

/** `/metrics` in Prometheus' text format, unless DOCS is off. */
export function mountMetrics(server: FastifyInstance, metrics: Metrics): void {
  server.get('/metrics', { schema: { hide: true } }, async (_request, reply) => reply.type(metrics.registry.contentType).send(await metrics.registry.metrics()))
}
