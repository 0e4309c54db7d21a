import { defineAction } from '../../platform/action.ts'
import { IDENTITIES_MAX } from '../identities/create-identity.ts'
import { IdentityCreated } from '../identities/events.ts'
import { openOrganisationIdentity } from '../identities/organisation-identities.ts'
import { emit } from '../../platform/events/emit.ts'
import { OpenIdentity, TheirIdentity } from './contract.ts'
import { ensureRole } from './membership.ts'
import { presentTheirIdentity } from './present.ts'
import { WORKERS } from './roles.ts'

/** Opens an identity of one's own that belongs to the organisation: its record is read there, its approvers come from there. */
export const openIdentity = defineAction({
  name: 'organisations.open_identity', effect: 'CREATE', reversible: false, keys: false, input: OpenIdentity, output: TheirIdentity,
  title: { en: 'Create an identity in an organisation', fr: 'Créer une identité dans une organisation' },
  summary: ({ organisation_id, type, name }, titleOf) => ({ en: `Create the identity “${name}” (${type}) in “${titleOf(organisation_id)}”`, fr: `Créer l’identité « ${name} » (${type}) dans « ${titleOf(organisation_id)} »` }),
  touches: ({ organisation_id }) => [{ type: 'organisation', id: organisation_id }],
  about: ({ id }) => ({ type: 'identity', id }),
  async run(tx, { organisation_id, type, name }) {
    await ensureRole(tx, organisation_id, WORKERS)
    const row = await openOrganisationIdentity(tx, { organisationId: organisation_id, type, name, limit: IDENTITIES_MAX })
    emit(tx, IdentityCreated, { identity_id: row.id, type: row.type })
    return presentTheirIdentity(row)
  },
})
