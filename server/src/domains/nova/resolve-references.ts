import type { Tx } from '../../platform/db/store.ts'
import { NotFound } from '../../platform/problems.ts'
import { foldTitle } from '../../platform/text.ts'
import { Ambiguous } from '../governance/errors.ts'
import { Unclear } from './errors.ts'
import type { Reference } from './sentences/plan-offline.ts'
import { findTitled, findTitledLike, type Titled } from './queries.ts'

const isReference = (value: unknown): value is Reference => typeof value === 'object' && value !== null && 'ref' in value && 'title' in value

/**
 * Turns what a person calls by its title into the id of their own row. One exact match is taken; several, or only near
 * ones, are asked about (409); none is 404. Rows of the sphere that the call works in come before those of others.
 */
export async function resolveReferences(tx: Tx, args: Record<string, unknown>, sphereId: number | null): Promise<Record<string, unknown>> {
  const resolved: Record<string, unknown> = {}
  for (const [name, value] of Object.entries(args)) resolved[name] = isReference(value) ? await resolveOne(tx, value, sphereId) : value
  return resolved
}

async function resolveOne(tx: Tx, { ref, title }: Reference, sphereId: number | null): Promise<string> {
  if (title === null) {
    throw Unclear({ ask: { en: `Which ${ref} do you mean? Give its title.`, fr: 'Lequel ou laquelle ? Donnez son titre.' }, candidates: [], missing: [ref] })
  }
  const key = foldTitle(title)
  const exact = nearest(await tx.send(findTitled(ref, key).compile(tx.db)), sphereId)
  if (exact.length === 1 && exact[0]) return exact[0].id
  const candidates = exact.length > 1 ? exact : await tx.send(findTitledLike(ref, key).compile(tx.db))
  if (candidates.length > 0) throw Ambiguous({ candidates: candidates.slice(0, 10).map((row) => ({ id: row.id, type: ref, title: row.title })) })
  throw NotFound({ en: `You have no ${ref} called “${title}”.`, fr: `Rien ne s’appelle « ${title} » chez vous (${ref}).` })
}

function nearest(rows: Titled[], sphereId: number | null): Titled[] {
  const here = sphereId === null ? [] : rows.filter((row) => row.sphere_id === sphereId)
  return here.length > 0 ? here : rows
}
