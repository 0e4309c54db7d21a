import { defineAction } from '../../platform/action.ts'
import type { EffectTx } from '../../platform/ctx.ts'
import { emit } from '../../platform/events/emit.ts'
import { NotFound } from '../../platform/problems.ts'
import { endSessionsAs } from '../accounts/keys/end-sessions-as.ts'
import { handOverIdentity } from '../identities/organisation-identities.ts'
import { GiveIdentity, TheirIdentity } from './contract.ts'
import { AuditorsDoNotWork, NoSuchMember } from './errors.ts'
import { IdentityGiven } from './events.ts'
import { asOrganisations, ensureRole } from './membership.ts'
import { presentTheirIdentity } from './present.ts'
import { holdMember } from './queries.ts'
import { MANAGERS } from './roles.ts'

/** Gives an identity of the organisation, with all that it holds, to another member: a grant. Its sessions and keys end. */
export const giveIdentity = defineAction({
  name: 'organisations.give_identity', effect: 'GRANT', keys: false, input: GiveIdentity, output: TheirIdentity,
  title: { en: 'Give an organisation’s identity to a member', fr: 'Confier une identité de l’organisation à un membre' },
  summary: ({ organisation_id, identity_id, user_id }, titleOf) => ({ en: `Give identity ${identity_id} of “${titleOf(organisation_id)}” to member ${user_id}`, fr: `Confier l’identité ${identity_id} de « ${titleOf(organisation_id)} » au membre ${user_id}` }),
  touches: ({ organisation_id }) => [{ type: 'organisation', id: organisation_id }],
  check: ensureMay,
  async run(tx, given) {
    await ensureMay(tx, given)
    const { organisation_id, identity_id, user_id } = given
    const row = await handOverIdentity(tx, { organisationId: organisation_id, identityId: identity_id, userId: user_id })
    if (!row) throw NotFound()
    await endSessionsAs(tx, [identity_id])
    emit(tx, IdentityGiven, { organisation_id, identity_id, user_id })
    return presentTheirIdentity(row)
  },
})

async function ensureMay(tx: EffectTx, { organisation_id, user_id }: { organisation_id: string; user_id: string }): Promise<void> {
  await ensureRole(tx, organisation_id, MANAGERS)
  const [member] = await asOrganisations(tx, holdMember(tx.db, organisation_id, user_id))
  if (!member) throw NoSuchMember()
  if (member.role === 'auditor') throw AuditorsDoNotWork()
}
