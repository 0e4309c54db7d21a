import { page, toPage } from '../../platform/http/page.ts'
import { read, type Route } from '../../platform/http/route.ts'
import { NotFound } from '../../platform/problems.ts'
import { sphereIdOf } from '../spheres/sphere-id.ts'
import { Agent, AgentKey, AgentStats, ListAgents } from './contract.ts'
import { presentAgent, presentStats } from './present.ts'
import { countAgents, findAgent, listAgents } from './queries.ts'

export const routes: Route[] = [
  read('GET /agents', {
    summary: 'List the agents of the nine spheres in the order of the catalogue, or all with include=expansion', input: ListAgents, output: page(Agent),
    run: async ({ db, language, platform: { cursors } }, { sphere, gated, cursor, include, ...q }) => {
      const sphereId = sphereIdOf(sphere)
      const rows = await listAgents(db, { ...q, sphereId, core: sphereId === null && include !== 'expansion', gated: gated && gated === 'true', after: cursors.decode(cursor) })
      return toPage(rows, { limit: q.limit, cursors, keyOf: (row) => String(row.position), present: (row) => presentAgent(row, language) })
    },
  }),
  read('GET /agents/stats', {
    summary: 'Count the agents', output: AgentStats,
    run: async ({ db }) => presentStats(await countAgents(db)),
  }),
  read('GET /agents/:code', {
    summary: 'Get an agent', input: AgentKey, output: Agent, problems: ['not_found'],
    run: async ({ db, language }, { code }) => {
      const row = await findAgent(db, code.toUpperCase())
      if (!row) throw NotFound()
      return presentAgent(row, language)
    },
  }),
]
