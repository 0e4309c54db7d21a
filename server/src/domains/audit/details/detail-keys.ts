import { randomBytes } from 'node:crypto'
import { LRUCache } from 'lru-cache'
import type { Tx } from '../../../platform/db/store.ts'
import { newId, type IdentityId } from '../../../platform/ids.ts'
import type { Vault } from '../../../platform/vault.ts'
import { ensureKey } from './queries.ts'

/** What seals the details of one identity's day; `epoch` counts the erasures before it was made. */
export type DetailKey = { id: string; key: Buffer; epoch: number }

const KEPT_MAX = 10_000
const KEPT_MS = 300_000
const KEY_BYTES = 32

const kept = new WeakMap<Vault, LRUCache<string, DetailKey>>()

/** What a transaction has asked for or made: nobody else may use it before it is committed. */
const asked = new WeakMap<Tx['atClose'], Map<string, Promise<DetailKey>>>()

function keptBy(vault: Vault): LRUCache<string, DetailKey> {
  const found = kept.get(vault) ?? new LRUCache<string, DetailKey>({ max: KEPT_MAX, ttl: KEPT_MS })
  kept.set(vault, found)
  return found
}

export const wrapsFor = (identityId: string, id: string): string => `audit key ${identityId} ${id}`

/**
 * The key that seals an event of this day: at once when this node knows it, else after one question in the transaction,
 * which makes it when there is none.
 *
 * Why no event is sealed with a key that is gone: an erasure raises the identity's epoch in the commit that destroys its
 * keys, and audit_append, which holds the head's lock then, refuses an event whose key is of an older one with a
 * serialization failure. The rollback has this node forget the key, and the retry asks anew.
 */
export function keyFor(tx: Tx, identityId: IdentityId, at: Date): DetailKey | Promise<DetailKey> {
  const period = at.toISOString().slice(0, 10)
  const name = `${identityId} ${period}`
  const cache = keptBy(tx.vault)
  const mine = asked.get(tx.atClose)?.get(name)
  if (mine) return mine
  tx.afterRollback(() => { cache.delete(name) })
  const known = asked.has(tx.atClose) ? undefined : cache.get(name)
  if (known) return known
  const answer = ask(tx, { identityId, period, at })
  asked.set(tx.atClose, (asked.get(tx.atClose) ?? new Map<string, Promise<DetailKey>>()).set(name, answer))
  answer.then((key) => { tx.afterCommit(() => { cache.set(name, key) }) }, () => {})
  return answer
}

/** Has this transaction ask the database, whatever this node remembers: its keys were just destroyed. */
export function askAnew(tx: Tx): void {
  if (!asked.has(tx.atClose)) asked.set(tx.atClose, new Map())
}

async function ask(tx: Tx, { identityId, period, at }: { identityId: IdentityId; period: string; at: Date }): Promise<DetailKey> {
  const [id, key] = [newId(), randomBytes(KEY_BYTES)]
  const [row] = await tx.send(ensureKey({ identityId, period, wrappedBy: tx.vault.id, newId: id, newKey: tx.vault.wrap(key, wrapsFor(identityId, id)), at }))
  const unwrapped = row && tx.vault.unwrap(row.wrapped, wrapsFor(identityId, row.id))
  if (!row || !unwrapped) throw new Error('The key of the record’s details does not open')
  return { id: row.id, key: unwrapped, epoch: row.epoch }
}

/** Has this node ask for an identity's key again: another node erased it. */
export function forgetKeys(vault: Vault, identityId: string): void {
  const cache = keptBy(vault)
  for (const name of cache.keys()) if (name.startsWith(identityId)) cache.delete(name)
}
