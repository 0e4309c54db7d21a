import type { Compilable } from 'kysely'
import { sendAsService } from '../../platform/db/as-service.ts'
import type { Tx } from '../../platform/db/store.ts'
import type { EffectTx, ReadCtx } from '../../platform/ctx.ts'
import { refuseMissing } from '../governance/refuse-missing.ts'
import type { Role } from '../policies/requirement.ts'
import { RoleLacking } from './errors.ts'
import { findMember, holdMember, lockOrganisation } from './queries.ts'

/** Sends one statement with the rights by which organisations are written: only after a role was looked at. */
export const asOrganisations = <Row>(tx: Tx, query: Compilable<Row>): Promise<Row[]> => sendAsService(tx, 'organisations', query)

/** The acting person's role, held to the commit. Throws RoleLacking unless it is one of these. */
export async function ensureRole(tx: EffectTx, organisationId: string, roles: readonly Role[]): Promise<Role> {
  const [member] = await asOrganisations(tx, holdMember(tx.db, organisationId, tx.userId))
  const role = member?.role as Role | undefined
  if (!role || !roles.includes(role)) throw RoleLacking()
  return role
}

/** Before members change: one change of an organisation after the other, each seeing what the one before left. */
export const takeTurn = (tx: EffectTx, organisationId: string): Promise<unknown> => asOrganisations(tx, lockOrganisation(tx.db, organisationId))

/** The same for a read: 403 for another's organisation, 404 for one that exists nowhere, then RoleLacking. */
export async function ensureReader(ctx: ReadCtx, organisationId: string, roles: readonly Role[]): Promise<void> {
  const [member] = await ctx.tx.send(findMember(ctx.db, organisationId, ctx.caller.userId))
  if (!member) return refuseMissing(ctx, { type: 'organisation', id: organisationId })
  if (!roles.includes(member.role as Role)) throw RoleLacking()
}
