import type { z } from 'zod'
import type { ReadCtx } from '../../platform/ctx.ts'
import { findHubs } from '../hubs/find-hubs.ts'
import { bureauSections, defaultSectionOrder, type SectionCode } from '../spheres/bureau-sections.ts'
import { describeSphere } from '../spheres/describe-sphere.ts'
import type { Sphere } from '../spheres/sphere-list.ts'
import type { Bureau, Section } from './contract.ts'
import { presentCrew, presentKept } from './present.ts'
import { listCrew, listKept, tallyKept } from './queries.ts'
import { contentOf, countOf, type Tally } from './section-content.ts'

const NEWEST = 5

type Filled = Pick<z.input<typeof Section>, 'count' | 'items'>

/** The six sections of a sphere with their newest items, and the three hubs. All statements leave in one round trip. */
export async function openBureau(ctx: ReadCtx, sphere: Sphere): Promise<z.input<typeof Bureau>> {
  const tallies = ctx.tx.send(tallyKept(ctx.identityId, sphere.id).compile(ctx.db))
  const order = defaultSectionOrder(sphere.code)
  const [hubs, ...filled] = await Promise.all([findHubs(ctx.tx, ctx.identityId, ctx.language), ...order.map((code) => fill(ctx, { code, sphere, tallies }))])
  const sections = order.map((code, index) => ({ code, name: nameOf(code, ctx), order: index + 1, ...(filled[index] ?? { count: 0, items: [] }) }))
  return { sphere: describeSphere(sphere, ctx.language), sections, hubs }
}

const nameOf = (code: SectionCode, { language }: ReadCtx): string => bureauSections.find((section) => section.code === code)?.name[language] ?? code

async function fill(ctx: ReadCtx, { code, sphere, tallies }: { code: SectionCode; sphere: Sphere; tallies: Promise<Tally[]> }): Promise<Filled> {
  if (code === 'active_agents') {
    const crew = await ctx.tx.send(listCrew(ctx.db, sphere.id, { limit: NEWEST }))
    return { count: sphere.agents, items: crew.slice(0, NEWEST).map((row) => presentCrew(row, ctx.language)) }
  }
  const content = contentOf(code)
  // Meetings do not exist yet, so there are none.
  if (!content) return { count: 0, items: [] }
  const [rows, tally] = await Promise.all([ctx.tx.send(listKept(ctx.identityId, sphere.id, { ...content, limit: NEWEST }).compile(ctx.db)), tallies])
  return { count: countOf(content, tally), items: rows.slice(0, NEWEST).map(presentKept) }
}
