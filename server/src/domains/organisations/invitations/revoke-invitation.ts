import { defineAction } from '../../../platform/action.ts'
import { emit } from '../../../platform/events/emit.ts'
import { NotFound } from '../../../platform/problems.ts'
import { Invitation, InvitationKey } from '../contract.ts'
import { InvitationOver } from '../errors.ts'
import { InvitationRevoked } from '../events.ts'
import { asOrganisations, ensureRole } from '../membership.ts'
import { presentInvitation } from '../present.ts'
import { findInvitation, revokeInvitation as revokeRow } from '../queries.ts'
import { MANAGERS } from '../roles.ts'

/** Takes an open invitation back, at once. */
export const revokeInvitation = defineAction({
  name: 'organisations.revoke_invitation', effect: 'DELETE', keys: false, input: InvitationKey, output: Invitation,
  title: { en: 'Revoke an invitation', fr: 'Révoquer une invitation' },
  summary: ({ invitation_id }, titleOf) => ({ en: `Revoke the invitation of ${titleOf(invitation_id)}`, fr: `Révoquer l’invitation de ${titleOf(invitation_id)}` }),
  touches: ({ invitation_id }) => [{ type: 'invitation', id: invitation_id }],
  async run(tx, { invitation_id }) {
    const [found] = await tx.send(findInvitation(tx.db, invitation_id))
    if (!found) throw NotFound()
    await ensureRole(tx, found.organisation_id, MANAGERS)
    const [row] = await asOrganisations(tx, revokeRow(tx.db, invitation_id, tx.now()))
    if (!row) throw InvitationOver()
    emit(tx, InvitationRevoked, { organisation_id: row.organisation_id, invitation_id })
    return presentInvitation(row, tx.now())
  },
})
