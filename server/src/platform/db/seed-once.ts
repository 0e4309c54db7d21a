import type { Kysely } from 'kysely'
import type { Queries } from './store.ts'

/**
 * Writes the seeds unless the ones last written had this hash; true when it wrote. One transaction, which holds the row
 * of the hash: of two nodes that start at once, the second waits and finds nothing left to do.
 */
export async function seedOnce(owner: Kysely<unknown>, hash: string, write: (db: Queries) => Promise<void>): Promise<boolean> {
  // The owner's builder knows no tables, because it migrates; here they are those of generated.ts.
  const db = owner as unknown as Queries
  return db.transaction().execute(async (tx) => {
    const { hash: last } = await tx.selectFrom('seeds').select('hash').where('id', '=', 1).forUpdate().executeTakeFirstOrThrow()
    if (last === hash) return false
    await write(tx)
    await tx.updateTable('seeds').set({ hash }).where('id', '=', 1).execute()
    return true
  })
}
