import { defineAction } from '../../../platform/action.ts'
import { Retention, SetRetention } from './contract.ts'
import { deleteRetention, upsertRetention } from './queries.ts'

/** Says how long the details of the identity's record can be read. What a shorter time destroys does not come back. */
export const setRetention = defineAction({
  name: 'audit.set_retention', effect: 'UPDATE', reversible: false, keys: false, input: SetRetention, output: Retention,
  title: { en: 'Set how long the details of the record are kept', fr: 'Fixer la durée de conservation des détails du registre' },
  summary: ({ retention_days: days }) => (days === null
    ? { en: 'Keep the details of the record always', fr: 'Conserver toujours les détails du registre' }
    : { en: `Destroy the details of the record after ${days} days`, fr: `Détruire les détails du registre après ${days} jours` }),
  async run(tx, { retention_days: days }) {
    await tx.send(days === null ? deleteRetention(tx.db, tx.identityId) : upsertRetention(tx.db, tx.identityId, { days, at: tx.now() }))
    return { retention_days: days }
  },
})
