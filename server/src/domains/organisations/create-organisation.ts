import { defineAction } from '../../platform/action.ts'
import { emit } from '../../platform/events/emit.ts'
import { newId } from '../../platform/ids.ts'
import { CreateOrganisation, Organisation } from './contract.ts'
import { TooMany } from './errors.ts'
import { OrganisationCreated } from './events.ts'
import { asOrganisations } from './membership.ts'
import { presentOrganisation } from './present.ts'
import { countOrganisations, insertMember, insertOrganisation } from './queries.ts'

/** Organisations that one person may be a member of. */
export const ORGANISATIONS_MAX = 50

/** Founds an organisation; its founder owns it. */
export const createOrganisation = defineAction({
  name: 'organisations.create', effect: 'CREATE', reversible: false, keys: false, input: CreateOrganisation, output: Organisation,
  title: { en: 'Create an organisation', fr: 'Créer une organisation' },
  summary: ({ name }) => ({ en: `Create the organisation “${name}”`, fr: `Créer l’organisation « ${name} »` }),
  about: ({ id }) => ({ type: 'organisation', id }),
  async run(tx, { name }) {
    const [counted] = await tx.send(countOrganisations(tx.db, tx.userId))
    if (Number(counted?.count) >= ORGANISATIONS_MAX) throw TooMany(ORGANISATIONS_MAX, { en: 'organisations of yours', fr: 'organisations dont vous êtes membre' })
    const [row] = await asOrganisations(tx, insertOrganisation(tx.db, { id: newId(), name, at: tx.now() }))
    if (!row) throw new Error('An organisation is written')
    await asOrganisations(tx, insertMember(tx.db, { organisationId: row.id, userId: tx.userId, role: 'owner', at: tx.now() }))
    emit(tx, OrganisationCreated, { organisation_id: row.id })
    return presentOrganisation({ ...row, role: 'owner' })
  },
})
