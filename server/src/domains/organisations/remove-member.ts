import type { z } from 'zod'
import { defineAction } from '../../platform/action.ts'
import type { EffectTx } from '../../platform/ctx.ts'
import { emit } from '../../platform/events/emit.ts'
import type { Role } from '../policies/requirement.ts'
import { ensureAnotherOwner } from './change-role.ts'
import { Left, MemberKey, OrganisationKey } from './contract.ts'
import { NoSuchMember, RoleLacking } from './errors.ts'
import { MemberLeft } from './events.ts'
import { asOrganisations, ensureRole, takeTurn } from './membership.ts'
import { deleteMember, findMember } from './queries.ts'
import { MANAGERS, mayManage } from './roles.ts'
import { takeIdentities } from './take-identities.ts'

/** Takes a member out of an organisation. To take rights away nobody has to wait; an agent that asks does. */
export const removeMember = defineAction({
  name: 'organisations.remove_member', effect: 'DELETE', keys: false, input: MemberKey, output: Left,
  title: { en: 'Remove a member from an organisation', fr: 'Retirer un membre d’une organisation' },
  summary: ({ organisation_id, user_id }, titleOf) => ({ en: `Remove member ${user_id} from “${titleOf(organisation_id)}”`, fr: `Retirer le membre ${user_id} de « ${titleOf(organisation_id)} »` }),
  touches: ({ organisation_id }) => [{ type: 'organisation', id: organisation_id }],
  async run(tx, { organisation_id, user_id }) {
    await takeTurn(tx, organisation_id)
    const own = await ensureRole(tx, organisation_id, MANAGERS)
    const [member] = await tx.send(findMember(tx.db, organisation_id, user_id))
    if (!member) throw NoSuchMember()
    if (!mayManage(own, member.role as Role)) throw RoleLacking()
    return part(tx, { organisationId: organisation_id, userId: user_id, role: member.role as Role })
  },
})

/** Leaves an organisation. The last owner cannot. */
export const leaveOrganisation = defineAction({
  name: 'organisations.leave', effect: 'DELETE', keys: false, input: OrganisationKey, output: Left,
  title: { en: 'Leave an organisation', fr: 'Quitter une organisation' },
  summary: ({ organisation_id }, titleOf) => ({ en: `Leave the organisation “${titleOf(organisation_id)}”`, fr: `Quitter l’organisation « ${titleOf(organisation_id)} »` }),
  touches: ({ organisation_id }) => [{ type: 'organisation', id: organisation_id }],
  async run(tx, { organisation_id }) {
    await takeTurn(tx, organisation_id)
    const [member] = await tx.send(findMember(tx.db, organisation_id, tx.userId))
    if (!member) throw NoSuchMember()
    return part(tx, { organisationId: organisation_id, userId: tx.userId, role: member.role as Role })
  },
})

async function part(tx: EffectTx, of: { organisationId: string; userId: string; role: Role }): Promise<z.input<typeof Left>> {
  if (of.role === 'owner') await ensureAnotherOwner(tx, of.organisationId)
  await asOrganisations(tx, deleteMember(tx.db, of.organisationId, of.userId))
  const { archived, ended } = await takeIdentities(tx, of)
  emit(tx, MemberLeft, { organisation_id: of.organisationId, user_id: of.userId })
  return { organisation_id: of.organisationId, user_id: of.userId, ended_sessions: ended, archived_identities: archived }
}
