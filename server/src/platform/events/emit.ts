import type { Tx } from '../db/store.ts'
import { newId, type IdentityId, type UserId } from '../ids.ts'

/** A kind of event: its name, and the channels on which sockets hear it. */
export type EventKind<Data> = { name: string; channels: (data: Data) => string[] }

const kinds = new Map<string, EventKind<never>>()

/** Every kind of event declared so far; docs/reference/events.md is printed from it. */
export const eventKinds = (): ReadonlyMap<string, EventKind<never>> => kinds

export function defineEvent<Data extends Record<string, unknown>>(kind: EventKind<Data>): EventKind<Data> {
  if (kinds.has(kind.name)) throw new TypeError(`Event ${kind.name} is declared twice`)
  kinds.set(kind.name, kind as EventKind<never>)
  return kind
}

/** Whose event it is; null identity: the instance's own, heard by all who may hear its channel. */
export type Whose = { identityId: IdentityId | null; userId: UserId | null; now(): Date }

type Row = { id: string; identity_id: string | null; user_id: string | null; name: string; channels: string[]; data: string; at: Date }

/** Events of one identity in one transaction that wait for its end: they are one statement. */
const waiting = new WeakMap<Tx['atClose'], { identityId: string | null; rows: Row[] }>()

/** The rows that an event joins. One of another identity than those before it is written apart, in its own scope's turn. */
function rowsOf(tx: Tx & Whose): Row[] {
  const found = waiting.get(tx.atClose)
  if (found?.identityId === tx.identityId) return found.rows
  const rows: Row[] = []
  if (!found) waiting.set(tx.atClose, { identityId: tx.identityId, rows })
  tx.atClose(() => tx.db.insertInto('events').values(rows))
  tx.afterCommit(tx.wakeRelay)
  return rows
}

/** Writes an event row in the change's own transaction; the relay hands it on once it is committed. */
export function emit<Data extends Record<string, unknown>>(tx: Tx & Whose, kind: EventKind<Data>, data: Data): void {
  rowsOf(tx).push({
    id: newId(), identity_id: tx.identityId, user_id: tx.userId, name: kind.name,
    channels: [...new Set([...(tx.userId ? [`user:${tx.userId}`] : []), ...kind.channels(data)])],
    data: JSON.stringify(data), at: tx.now(),
  })
}
