import type { Route } from '../../server/src/platform/http/route.ts'
import { code, page, table } from './markdown.ts'

const pathOf = ({ base, url }: Route): string => `${base === 'root' ? '' : '/api/v2'}${url.replace(/:(\w+)/g, '{$1}')}`

const whoOf = (route: Route): string => (route.kind === 'handle' && route.auth === 'none' ? 'anyone' : 'signed in')

/** Every route by tag, with the action that a write performs. */
export function routesPage(routes: Route[]): string {
  const byTag = [...Map.groupBy(routes, ({ tag }) => tag)].toSorted(([a], [b]) => (a < b ? -1 : 1))
  const parts = byTag.map(([tag, group]) => `## ${tag}\n\n${table(['route', 'for', 'what it does', 'action'], group.map((route) => [
    code(`${route.method} ${pathOf(route)}`), whoOf(route), route.summary, route.kind === 'write' ? code(route.action.name) : '',
  ]))}`)
  return page('Routes', 'Every route under `/api/v2` answers under `/api/v1` too. `/openapi.json` has the schemas and the problems of each; `/docs` shows them; `/metrics` is for Prometheus; `/ws` takes WebSockets, whose first message is `{"type": "auth", "token"}`.', ...parts)
}
