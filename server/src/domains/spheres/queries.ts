import type { Queries } from '../../platform/db/store.ts'
import type { Bilingual } from '../../platform/text.ts'

export type SphereRow = { id: number; code: string; name: Bilingual; icon: string; colour: string; core: boolean; agent_count: number }

/** Writes the spheres as they are declared; one that is there already takes the declared values. */
export const upsertSpheres = (db: Queries, rows: SphereRow[]) =>
  db.insertInto('spheres').values(rows.map((row) => ({ ...row, name: JSON.stringify(row.name) })))
    .onConflict((conflict) => conflict.column('id').doUpdateSet((eb) => ({
      code: eb.ref('excluded.code'), name: eb.ref('excluded.name'), icon: eb.ref('excluded.icon'), colour: eb.ref('excluded.colour'),
      core: eb.ref('excluded.core'), agent_count: eb.ref('excluded.agent_count'),
    }))).execute()
