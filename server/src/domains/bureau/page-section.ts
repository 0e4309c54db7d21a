import type { z } from 'zod'
import type { ReadCtx } from '../../platform/ctx.ts'
import { toPage } from '../../platform/http/page.ts'
import { NotFound } from '../../platform/problems.ts'
import { SECTION_CODES } from '../spheres/bureau-sections.ts'
import { getSphere } from '../spheres/get-sphere.ts'
import type { SectionKey, SectionPage } from './contract.ts'
import { presentCrew, presentKept } from './present.ts'
import { listCrew, listKept, type After } from './queries.ts'
import { contentOf } from './section-content.ts'

/** One section of a sphere, page by page, in the order in which the bureau shows it. Throws NotFound for a seventh. */
export async function pageSection(ctx: ReadCtx, { sphere: given, section, limit, cursor }: z.output<typeof SectionKey>): Promise<z.input<typeof SectionPage>> {
  const { cursors } = ctx.platform
  const sphere = getSphere(given)
  const code = SECTION_CODES.find((known) => known === section)
  if (!code) throw NotFound()
  const key = cursors.decode(cursor)
  if (code === 'active_agents') {
    const crew = await ctx.tx.send(listCrew(ctx.db, sphere.id, { after: key, limit }))
    return toPage(crew, { limit, cursors, keyOf: (row) => String(row.position), present: (row) => presentCrew(row, ctx.language) })
  }
  const content = contentOf(code)
  if (!content) return { items: [], next_cursor: null }
  const rows = await ctx.tx.send(listKept(ctx.identityId, sphere.id, { ...content, after: afterOf(key), limit }).compile(ctx.db))
  return toPage(rows, { limit, cursors, keyOf: (row) => `${row.id} ${row.updated_at.toISOString()}`, present: presentKept })
}

function afterOf(key: string | undefined): After | undefined {
  if (key === undefined) return undefined
  const [id = '', editedAt = ''] = key.split(' ')
  return { id, editedAt }
}
