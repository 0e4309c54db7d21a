import type { Queries } from '../../platform/db/store.ts'
import { bumpInstance, upsertShipped } from './queries.ts'
import { SHIPPED_RULES, shippedId } from './shipped-rules.ts'

/** The rows of the rules that come with the product. */
export const shippedRows = () => SHIPPED_RULES.map(({ id, text, sentence, laws }) => ({ id: shippedId(id), name: id, text, sentence, laws, effect: /^permit/m.test(text) ? 'permit' : 'forbid' }))

/** Writes them as the owner of the database, and spends a version of the instance's set. */
export async function seedRules(db: Queries, at: Date): Promise<void> {
  await upsertShipped(db, shippedRows(), at).execute()
  await bumpInstance(db)
}
