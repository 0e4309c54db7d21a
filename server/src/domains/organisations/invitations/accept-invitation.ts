import type { z } from 'zod'
import { sha256 } from '../../../platform/canonical.ts'
import type { CallerCtx } from '../../../platform/ctx.ts'
import type { Tx } from '../../../platform/db/store.ts'
import { emit } from '../../../platform/events/emit.ts'
import { record } from '../../audit/record.ts'
import { Dormant } from '../../governance/errors.ts'
import { shareFence } from '../../governance/fence/share-fence.ts'
import type { Role } from '../../policies/requirement.ts'
import type { Member } from '../contract.ts'
import { InvitationOver, MemberAlready, SomebodyElseInvited, TooMany, UnknownInvitation } from '../errors.ts'
import { MemberJoined } from '../events.ts'
import { asOrganisations } from '../membership.ts'
import { presentMember } from '../present.ts'
import { acceptInvitation as spend, countMembers, findByToken, findMember, insertMember, lockOrganisation, type InvitationRow } from '../queries.ts'
import { mayManage } from '../roles.ts'
import { MEMBERS_MAX } from './invite.ts'

/**
 * Joins an organisation by an invitation that was sent to one's own address. The token alone is not enough, nor the address
 * alone, and whoever invited must still be one who may: a member that is removed has no way back in their pocket. Of any number of uses at once one is answered; joining is recorded in the chain of the identity that acts.
 */
export async function acceptInvitation(ctx: CallerCtx, token: string): Promise<z.input<typeof Member>> {
  const { caller, platform, requestId } = ctx
  const hash = sha256(token)
  return platform.store.within(caller, async (tx) => {
    if (!await shareFence(tx)) throw Dormant()
    const [spent] = await asOrganisations(tx, spend(tx.db, { hash, userId: caller.userId, now: ctx.now() }))
    if (!spent) throw await whyNot(tx, hash, ctx.now())
    const row = await join(tx, spent, { userId: caller.userId, at: ctx.now() })
    const scene = { ...caller, via: 'rest' as const, requestId, now: ctx.now }
    record(tx, scene, { action: 'organisations.joined', outcome: 'done', effect: 'GRANT', resource: { type: 'organisation', id: row.organisation_id }, details: { role: row.role } })
    emit({ ...tx, ...scene }, MemberJoined, { organisation_id: row.organisation_id, user_id: row.user_id, role: row.role })
    return presentMember(row)
  })
}

async function join(tx: Tx, { organisation_id: organisationId, role, invited_by: inviter }: InvitationRow, { userId, at }: { userId: string; at: Date }) {
  await asOrganisations(tx, lockOrganisation(tx.db, organisationId))
  const [by] = await asOrganisations(tx, findMember(tx.db, organisationId, inviter))
  if (!by || !mayManage(by.role as Role, role as Role)) throw InvitationOver()
  const [counted] = await asOrganisations(tx, countMembers(tx.db, organisationId))
  if (Number(counted?.members) >= MEMBERS_MAX) throw TooMany(MEMBERS_MAX, { en: 'members', fr: 'membres' })
  const [row] = await asOrganisations(tx, insertMember(tx.db, { organisationId, userId, role, at }))
  if (!row) throw MemberAlready()
  return row
}

async function whyNot(tx: Tx, hash: string, now: Date): Promise<unknown> {
  const [row] = await asOrganisations(tx, findByToken(tx.db, hash))
  if (!row) return UnknownInvitation()
  return row.accepted_at || row.revoked_at || row.expires_at <= now ? InvitationOver() : SomebodyElseInvited()
}
