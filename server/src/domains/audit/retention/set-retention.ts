import { defineAction } from '../../../platform/action.ts'
import type { EffectTx } from '../../../platform/ctx.ts'
import { Retention, SetRetention } from './contract.ts'
import { deleteRetention, findRetention, upsertRetention } from './queries.ts'

/** Throws unless the acting person may destroy what others read of the identity's record; made in app.ts. */
export type EnsureMayDestroy = (tx: EffectTx, identityId: string) => Promise<void>

/** Says how long the details of the identity's record can be read. What a shorter time destroys does not come back. */
export const setRetention = (ensureMayDestroy: EnsureMayDestroy) => defineAction({
  name: 'audit.set_retention', effect: 'UPDATE', reversible: false, keys: false, input: SetRetention, output: Retention,
  title: { en: 'Set how long the details of the record are kept', fr: 'Fixer la durée de conservation des détails du registre' },
  summary: ({ retention_days: days }) => (days === null
    ? { en: 'Keep the details of the record always', fr: 'Conserver toujours les détails du registre' }
    : { en: `Destroy the details of the record after ${days} days`, fr: `Détruire les détails du registre après ${days} jours` }),
  async check(tx, { retention_days: days }) {
    if (await isShorter(tx, days)) await ensureMayDestroy(tx, tx.identityId)
  },
  async run(tx, { retention_days: days }) {
    await tx.send(days === null ? deleteRetention(tx.db, tx.identityId) : upsertRetention(tx.db, tx.identityId, { days, at: tx.now() }))
    return { retention_days: days }
  },
})

/** Held to the commit, so that of two changes at once the second is measured by what the first left. */
async function isShorter(tx: EffectTx, days: number | null): Promise<boolean> {
  if (days === null) return false
  const [now] = await tx.send(findRetention(tx.db, tx.identityId).forUpdate())
  return !now || days < now.retention_days
}
