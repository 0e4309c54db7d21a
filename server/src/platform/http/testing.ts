import type { FastifyInstance } from 'fastify'
import { createLog } from '../log.ts'
import { readSettings } from '../settings.ts'
import type { OnProblem } from './answer-problems.ts'
import type { Timeouts } from './node-server.ts'
import { createServer } from './server.ts'

export type BareServer = { url: string; server: FastifyInstance; logLines: string[] }

type Given = { settings?: Record<string, string>; timeouts?: Partial<Timeouts>; onProblem?: OnProblem; mount?: (server: FastifyInstance) => void }

/** What stands around the routes, with routes of the test's own instead of the product's, and no database. Close the server in `after`. */
export async function startBareServer({ settings, timeouts, onProblem = async () => {}, mount }: Given = {}): Promise<BareServer> {
  const logLines: string[] = []
  const log = createLog('info', { write: (line: string) => { logLines.push(line) } })
  const server = await createServer({ platform: { settings: readSettings({ DOCS: 'off', ...settings }), log }, onProblem, ...(timeouts ? { timeouts } : {}) })
  mount?.(server)
  const url = await server.listen({ host: '127.0.0.1', port: 0 })
  return { url, server, logLines }
}
