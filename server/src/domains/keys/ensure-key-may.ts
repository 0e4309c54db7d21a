import type { Caller } from '../../platform/ctx.ts'
import type { Route } from '../../platform/http/route.ts'
import { InsufficientScope } from '../../platform/problems.ts'
import { covers, coversRead, livesInSpheres } from '../governance/allowance/covers.ts'

/** Reads of accounts, keys and rights, and of what an account is told over all of its identities: they are for people. */
const FOR_PEOPLE = new Set(['auth', 'keys', 'organisations', 'identities', 'invitations', 'notifications'])

const nounOf = ({ url }: Route): string => url.split('/')[1] ?? ''

/**
 * Throws InsufficientScope unless an API key may use a route: a write by its action's name, a read by `read` or its noun,
 * anything else only where the route names a scope. A decision names none (invariant 9). A key that is limited to spheres
 * reads only what lies in spheres.
 */
export function ensureKeyMay({ key, spheres }: Caller, route: Route): void {
  if (!key) return
  const noun = nounOf(route)
  if (route.kind === 'write') {
    if (route.action.keys === false || route.action.effect === 'GRANT') throw InsufficientScope({ scope: null })
    if (!covers(key.scopes, route.action)) throw InsufficientScope({ scope: route.action.name })
  } else if (route.kind === 'read') {
    if (FOR_PEOPLE.has(noun)) throw InsufficientScope({ scope: null })
    if (!coversRead(key.scopes, noun)) throw InsufficientScope({ scope: `${noun}.read` })
    if (spheres && !livesInSpheres(noun)) throw InsufficientScope({ scope: null })
  } else if (route.auth === 'session') {
    if (route.keys === undefined) throw InsufficientScope({ scope: null })
    if (!key.scopes.includes(route.keys) && !(route.method === 'GET' && coversRead(key.scopes, noun))) throw InsufficientScope({ scope: route.keys })
  }
}
