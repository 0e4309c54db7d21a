import type { Route } from '../../platform/http/route.ts'
import { batchRoutes } from './checkpoints/batch-routes.ts'
import { decisionRoutes } from './checkpoints/decision-routes.ts'
import { lifeRoutes } from './checkpoints/life-routes.ts'
import { listRoutes } from './checkpoints/list-routes.ts'
import type { createDelegation } from './deciders/create-delegation.ts'
import { deciderRoutes } from './deciders/routes.ts'
import { elevationRoutes } from './elevations/routes.ts'
import { floodRoutes } from './floods/routes.ts'
import type { Gate } from './gate.ts'
import { overviewRoutes } from './overview/routes.ts'

const CHECKPOINTS = '/governance/checkpoints'

/** The same route at its other address: /checkpoints beside /governance/checkpoints. */
const alias = (route: Route): Route => ({ ...route, url: route.url.replace(CHECKPOINTS, '/checkpoints') })

export const governanceRoutes = (gate: Gate, create: ReturnType<typeof createDelegation>): Route[] => {
  const routes = [...listRoutes, ...lifeRoutes(gate), ...decisionRoutes(gate), ...batchRoutes(gate), ...deciderRoutes(create), ...overviewRoutes, ...elevationRoutes(gate), ...floodRoutes]
  return [...routes, ...routes.filter(({ url }) => url.startsWith(CHECKPOINTS)).map(alias)]
}
