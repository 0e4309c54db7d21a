import type { Tx } from '../../../platform/db/store.ts'
import type { IdentityId } from '../../../platform/ids.ts'
import { wrapsFor } from './detail-keys.ts'
import { listKeys } from './queries.ts'
import { eventKey, openDetails, storedDetails, type Private } from './sealed-details.ts'

/** What an event's owner reads of it; null when its key is gone. `key` opens this one event; null when it was not sealed. */
export type Opened = Private & { key: Buffer | null }

type Body = { v?: unknown; id?: unknown; details?: unknown }

/** Opens the details of events of one identity with those of their keys that still exist: one question, however many there are. */
export async function openEvents(tx: Tx, identityId: IdentityId, bodies: Body[]): Promise<Array<Opened | null>> {
  const wanted = new Set(bodies.flatMap((body) => keyIdOf(body) ?? []))
  const rows = wanted.size === 0 ? [] : await tx.send(listKeys(tx.db, identityId, [...wanted]))
  const keys = new Map(rows.map(({ id, wrapped }) => [id, tx.vault.unwrap(wrapped, wrapsFor(identityId, id))]))
  return bodies.map((body) => open(body, identityId, keys))
}

function open(body: Body, identityId: IdentityId, keys: Map<string, Buffer | undefined>): Opened | null {
  const stored = storedDetails(body)
  if ('plain' in stored) return { details: stored.plain, salts: {}, key: null }
  const ofDay = keys.get(stored.key)
  if (!ofDay) return null
  const key = eventKey(ofDay, String(body.id))
  const opened = openDetails(key, { identityId, eventId: String(body.id) }, stored.sealed)
  return opened ? { ...opened, key } : null
}

function keyIdOf(body: Body): string | undefined {
  const stored = storedDetails(body)
  return 'key' in stored ? stored.key : undefined
}
