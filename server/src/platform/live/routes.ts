import { z } from 'zod'
import { publicRoute, type Route } from '../http/route.ts'
import type { LiveStats } from './live.ts'

const Stats = z.object({ connections: z.int(), streams: z.int(), users: z.int(), channels: z.int(), subscriptions: z.int(), events_sent: z.int() })

/** Counts only: who is connected is nobody's business. */
export const liveRoutes = (stats: () => LiveStats): Route[] => [
  publicRoute('GET /ws/stats', { base: 'root', tag: 'live', summary: 'How many live connections this node has', output: Stats, run: async () => stats() }),
]
