import { defineAction } from '../../../platform/action.ts'
import type { EffectTx } from '../../../platform/ctx.ts'
import { emit } from '../../../platform/events/emit.ts'
import { newId } from '../../../platform/ids.ts'
import { readAddress } from '../../accounts/email-key.ts'
import type { Role } from '../../policies/requirement.ts'
import { Invitation, Invite } from '../contract.ts'
import { RoleLacking, TooMany } from '../errors.ts'
import { InvitationCreated } from '../events.ts'
import { asOrganisations, ensureRole } from '../membership.ts'
import { presentInvitation } from '../present.ts'
import { countMembers, countOpenInvitations, insertInvitation } from '../queries.ts'
import { MANAGERS, mayManage } from '../roles.ts'

export const MEMBERS_MAX = 1_000
const OPEN_MAX = 100
const DAYS = 7
const DAY_MS = 86_400_000

/** Invites somebody by their e-mail address: a grant. The token leaves by e-mail, or is shown once (show-token.ts). */
export const invite = defineAction({
  name: 'organisations.invite', effect: 'GRANT', keys: false, input: Invite, output: Invitation,
  title: { en: 'Invite somebody into an organisation', fr: 'Inviter quelqu’un dans une organisation' },
  summary: ({ organisation_id, email, role }, titleOf) => ({ en: `Invite ${email} into “${titleOf(organisation_id)}” as ${role}`, fr: `Inviter ${email} dans « ${titleOf(organisation_id)} » avec le rôle « ${role} »` }),
  touches: ({ organisation_id }) => [{ type: 'organisation', id: organisation_id }],
  about: ({ id }) => ({ type: 'invitation', id }),
  check: ensureMay,
  async run(tx, given) {
    await ensureMay(tx, given)
    const { organisation_id, email, role } = given
    const at = tx.now()
    const emailKey = readAddress(email)?.key ?? email.toLowerCase()
    const [row] = await asOrganisations(tx, insertInvitation(tx.db, { id: newId(), organisationId: organisation_id, email, emailKey, role, by: tx.userId, at, expiresAt: new Date(at.getTime() + DAYS * DAY_MS) }))
    if (!row) throw new Error('An invitation is written')
    emit(tx, InvitationCreated, { organisation_id, invitation_id: row.id, role })
    return presentInvitation(row, at)
  },
})

async function ensureMay(tx: EffectTx, { organisation_id, role }: { organisation_id: string; role: Role }): Promise<void> {
  if (!mayManage(await ensureRole(tx, organisation_id, MANAGERS), role)) throw RoleLacking()
  const [members] = await tx.send(countMembers(tx.db, organisation_id))
  if (Number(members?.members) >= MEMBERS_MAX) throw TooMany(MEMBERS_MAX, { en: 'members', fr: 'membres' })
  const [open] = await tx.send(countOpenInvitations(tx.db, organisation_id, tx.now()))
  if (Number(open?.count) >= OPEN_MAX) throw TooMany(OPEN_MAX, { en: 'open invitations', fr: 'invitations ouvertes' })
}
