import type { Caller, Platform } from '../../platform/ctx.ts'
import type { Route } from '../../platform/http/route.ts'
import type { IdentityId, UserId } from '../../platform/ids.ts'
import { RoleLacking } from './errors.ts'
import { mayAudit } from './queries.ts'

/** Whether a person may read the record of an identity of their organisation: asked each time, so a role that ends has ended. */
export const createMayAudit = ({ store }: Pick<Platform, 'store'>) => async (userId: UserId, identityId: IdentityId): Promise<boolean> => {
  const [answer] = await store.within({ userId }, (tx) => tx.send(mayAudit(userId, identityId)))
  return answer?.may === true
}

/** Who acts as an identity of somebody else reads its record and does nothing else. */
export function ensureAuditorMay({ auditor }: Caller, route: Route): void {
  if (auditor && !route.auditors) throw RoleLacking()
}
