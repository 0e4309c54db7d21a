import { defineAction } from '../../platform/action.ts'
import { emit } from '../../platform/events/emit.ts'
import { NotFound } from '../../platform/problems.ts'
import { Organisation, RenameOrganisation } from './contract.ts'
import { OrganisationRenamed } from './events.ts'
import { asOrganisations, ensureRole } from './membership.ts'
import { presentOrganisation } from './present.ts'
import { renameOrganisation as renameRow } from './queries.ts'
import { MANAGERS } from './roles.ts'

/** Gives an organisation another name. */
export const renameOrganisation = defineAction({
  name: 'organisations.rename', effect: 'UPDATE', reversible: false, keys: false, input: RenameOrganisation, output: Organisation,
  title: { en: 'Rename an organisation', fr: 'Renommer une organisation' },
  summary: ({ organisation_id, name }, titleOf) => ({ en: `Rename the organisation “${titleOf(organisation_id)}” to “${name}”`, fr: `Renommer l’organisation « ${titleOf(organisation_id)} » en « ${name} »` }),
  touches: ({ organisation_id }) => [{ type: 'organisation', id: organisation_id }],
  async check(tx, { organisation_id }) { await ensureRole(tx, organisation_id, MANAGERS) },
  async run(tx, { organisation_id, name }) {
    const role = await ensureRole(tx, organisation_id, MANAGERS)
    const [row] = await asOrganisations(tx, renameRow(tx.db, organisation_id, { name, at: tx.now() }))
    if (!row) throw NotFound()
    emit(tx, OrganisationRenamed, { organisation_id })
    return presentOrganisation({ ...row, role })
  },
})
