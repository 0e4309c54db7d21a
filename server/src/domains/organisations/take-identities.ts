import type { EffectTx } from '../../platform/ctx.ts'
import { endSessionsAs } from '../accounts/keys/end-sessions-as.ts'
import { archiveMemberIdentities } from '../identities/organisation-identities.ts'

/**
 * Takes the organisation's identities from somebody who no longer works there, in the commit that takes the role: they are
 * archived, which the gate and every sign-in ask for, and the sessions and keys that act as them end, so sockets close.
 * They can be given to another member (give-identity.ts).
 */
export async function takeIdentities(tx: EffectTx, of: { organisationId: string; userId: string }): Promise<{ archived: number; ended: number }> {
  const ids = await archiveMemberIdentities(tx, of)
  return { archived: ids.length, ended: await endSessionsAs(tx, ids) }
}
