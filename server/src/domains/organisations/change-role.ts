import { defineAction } from '../../platform/action.ts'
import type { EffectTx } from '../../platform/ctx.ts'
import { emit } from '../../platform/events/emit.ts'
import type { Role } from '../policies/requirement.ts'
import { ChangeRole, Member } from './contract.ts'
import { LastOwner, NoSuchMember, RoleLacking } from './errors.ts'
import { RoleChanged } from './events.ts'
import { asOrganisations, ensureRole, takeTurn } from './membership.ts'
import { presentMember } from './present.ts'
import { changeRole as changeRow, countMembers, findMember } from './queries.ts'
import { MANAGERS, mayManage } from './roles.ts'
import { takeIdentities } from './take-identities.ts'

/** Gives a member another role: a grant, so it waits even for the person. Who becomes an auditor works with no identity any more. */
export const changeRole = defineAction({
  name: 'organisations.change_role', effect: 'GRANT', keys: false, input: ChangeRole, output: Member,
  title: { en: 'Change the role of a member', fr: 'Changer le rôle d’un membre' },
  summary: ({ organisation_id, user_id, role }, titleOf) => ({ en: `Make member ${user_id} of “${titleOf(organisation_id)}” ${role}`, fr: `Donner au membre ${user_id} de « ${titleOf(organisation_id)} » le rôle « ${role} »` }),
  touches: ({ organisation_id }) => [{ type: 'organisation', id: organisation_id }],
  check: ensureMay,
  async run(tx, given) {
    const { organisation_id, user_id, role } = given
    await takeTurn(tx, organisation_id)
    await ensureMay(tx, given)
    const [row] = await asOrganisations(tx, changeRow(tx.db, organisation_id, user_id, role))
    if (!row) throw NoSuchMember()
    if (role === 'auditor') await takeIdentities(tx, { organisationId: organisation_id, userId: user_id })
    emit(tx, RoleChanged, { organisation_id, user_id, role })
    return presentMember(row)
  },
})

async function ensureMay(tx: EffectTx, { organisation_id, user_id, role }: { organisation_id: string; user_id: string; role: Role }): Promise<void> {
  const own = await ensureRole(tx, organisation_id, MANAGERS)
  const [member] = await tx.send(findMember(tx.db, organisation_id, user_id))
  if (!member) throw NoSuchMember()
  if (!mayManage(own, member.role as Role) || !mayManage(own, role)) throw RoleLacking()
  if (member.role === 'owner' && role !== 'owner') await ensureAnotherOwner(tx, organisation_id)
}

/** Throws LastOwner where the organisation has one owner alone. */
export async function ensureAnotherOwner(tx: EffectTx, organisationId: string): Promise<void> {
  const [counted] = await tx.send(countMembers(tx.db, organisationId))
  if (Number(counted?.owners) <= 1) throw LastOwner()
}
