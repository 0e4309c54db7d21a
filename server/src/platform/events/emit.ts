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

/** Events of a transaction that wait for its end; all of them are one statement. */
const waiting = new WeakMap<Tx['atClose'], Row[]>()

/** Writes an event row in the change's own transaction; the relay hands it on once it is committed. */
export function emit<Data extends Record<string, unknown>>(tx: Tx & Whose, kind: EventKind<Data>, data: Data): void {
  let rows = waiting.get(tx.atClose)
  if (rows === undefined) {
    const all: Row[] = []
    rows = all
    waiting.set(tx.atClose, all)
    tx.atClose(() => tx.db.insertInto('events').values(all))
    tx.afterCommit(tx.wakeRelay)
  }
  rows.push({
    id: newId(), identity_id: tx.identityId, user_id: tx.userId, name: kind.name,
    channels: [...new Set([...(tx.userId ? [`user:${tx.userId}`] : []), ...kind.channels(data)])],
    data: JSON.stringify(data), at: tx.now(),
  })
}
