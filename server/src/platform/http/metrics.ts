import { Gauge, Histogram, Registry, collectDefaultMetrics } from 'prom-client'
import type { Store } from '../db/store.ts'

export type Metrics = { registry: Registry; requests: Histogram<'method' | 'route' | 'status'> }

/** Prometheus metrics of this process; labels are route patterns, so their number is bounded. */
export function createMetrics({ pool }: Store): Metrics {
  const registry = new Registry()
  collectDefaultMetrics({ register: registry, prefix: 'chenu_' })
  const requests = new Histogram({
    name: 'chenu_http_request_seconds', help: 'Seconds from a request to its answer.', labelNames: ['method', 'route', 'status'] as const,
    buckets: [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30], registers: [registry],
  })
  const connections = new Gauge({
    name: 'chenu_database_connections', help: 'Connections to PostgreSQL by state.', labelNames: ['state'] as const, registers: [registry],
    collect() {
      connections.set({ state: 'idle' }, pool.idleCount)
      connections.set({ state: 'busy' }, pool.totalCount - pool.idleCount)
      connections.set({ state: 'waiting' }, pool.waitingCount)
    },
  })
  return { registry, requests }
}
