import type { Queries } from '../../platform/db/store.ts'
import type { Bilingual } from '../../platform/text.ts'
import { containing, foldTitle } from '../../platform/text.ts'

export type NewAgent = {
  code: string; sphere_id: number; level: string; type: string; name: Bilingual; function: Bilingual
  capabilities: string[]; gated: boolean; gated_capabilities: string[]; position: number; search_key: string
}

/** Takes the positions out of the way, so that agents which change places never meet on one (it is unique). */
export const parkPositions = (db: Queries) => db.updateTable('agents').set((eb) => ({ position: eb.neg('position') })).where('position', '>', 0).execute()

/** Writes the agents as they are declared; one that is there already takes the declared values. */
export const upsertAgents = (db: Queries, rows: NewAgent[]) =>
  db.insertInto('agents').values(rows.map((row) => ({ ...row, name: JSON.stringify(row.name), function: JSON.stringify(row.function) })))
    .onConflict((conflict) => conflict.column('code').doUpdateSet((eb) => ({
      sphere_id: eb.ref('excluded.sphere_id'), level: eb.ref('excluded.level'), type: eb.ref('excluded.type'), name: eb.ref('excluded.name'),
      function: eb.ref('excluded.function'), capabilities: eb.ref('excluded.capabilities'), gated: eb.ref('excluded.gated'),
      gated_capabilities: eb.ref('excluded.gated_capabilities'), position: eb.ref('excluded.position'), search_key: eb.ref('excluded.search_key'),
    }))).execute()

const withStatus = (db: Queries) => db.selectFrom('agents').innerJoin('atom_agents', 'atom_agents.agent_code', 'agents.code')
  .selectAll('agents').select('atom_agents.status as status')

type Filter = {
  core: boolean; sphereId: number | null; level?: string | undefined; gated?: boolean | undefined; capability?: string | undefined; query?: string | undefined
  after?: string | undefined; limit: number
}

/** In the order of the catalogue, one more than `limit`. No other order exists: nothing ranks agents. */
export const listAgents = (db: Queries, f: Filter) => withStatus(db)
  .$if(f.sphereId !== null, (q) => q.where('agents.sphere_id', '=', f.sphereId ?? 0))
  .$if(f.core, (q) => q.innerJoin('spheres', 'spheres.id', 'agents.sphere_id').where('spheres.core', '=', true))
  .$if(f.level !== undefined, (q) => q.where('agents.level', '=', f.level ?? ''))
  .$if(f.gated !== undefined, (q) => q.where('agents.gated', '=', f.gated ?? false))
  .$if(f.capability !== undefined, (q) => q.where((eb) => eb(eb.val(f.capability ?? ''), '=', eb.fn.any('agents.capabilities'))))
  .$if(Boolean(f.query), (q) => q.where('agents.search_key', 'like', containing(foldTitle(f.query ?? ''))))
  .$if(f.after !== undefined, (q) => q.where('agents.position', '>', Number(f.after)))
  .where('agents.position', '>', 0).orderBy('agents.position').limit(f.limit + 1).execute()

export const findAgent = (db: Queries, code: string) => withStatus(db).where('agents.code', '=', code).executeTakeFirst()

export const countAgents = (db: Queries) => db.selectFrom('agents').innerJoin('spheres', 'spheres.id', 'agents.sphere_id').where('agents.position', '>', 0)
  .select((eb) => ['spheres.code', 'spheres.core', eb.fn.countAll<string>().as('agents')])
  .groupBy(['spheres.id', 'spheres.code', 'spheres.core']).orderBy('spheres.id').execute()

export type AgentRow = NonNullable<Awaited<ReturnType<typeof findAgent>>>
