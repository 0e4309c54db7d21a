import { LRUCache } from 'lru-cache'
import type { Caller, Platform } from '../../platform/ctx.ts'
import type { Tx } from '../../platform/db/store.ts'
import { emit } from '../../platform/events/emit.ts'
import type { Route } from '../../platform/http/route.ts'
import { MassRead } from './events.ts'

const WINDOW_MS = 60_000
const ACTORS_MAX = 10_000

type Window = { startedAt: number; count: number }
type Reader = Pick<Caller, 'identityId' | 'actor'>

const windows = new LRUCache<string, Window>({ max: ACTORS_MAX })

/** Counts one read of who works for a person, on this node; true once for every `limit` reads of one of them in a minute. */
export function isMassRead({ identityId, actor }: Reader, { at, limit }: { at: Date; limit: number }): boolean {
  if (actor.kind === 'person') return false
  const key = `${identityId} ${actor.kind} ${actor.id}`
  const now = at.getTime()
  const found = windows.get(key)
  const window = found && Math.abs(now - found.startedAt) < WINDOW_MS ? found : { startedAt: now, count: 0 }
  window.count += 1
  windows.set(key, window)
  return window.count % limit === 0
}

/** Tells of a mass read in the transaction that made it. */
export const tellMassRead = (tx: Tx & Parameters<typeof emit>[0], { actor }: Pick<Caller, 'actor'>): void => emit(tx, MassRead, { actor_kind: actor.kind, actor_id: actor.id })

/** Counts what a key reads over REST, which no gate performs: telling of it is a commit of its own, and the read goes on. */
export const createReadWatch = ({ store, clock, log, settings }: Platform) => (caller: Caller, route: Route): void => {
  if (!caller.key || route.kind !== 'read') return
  const at = clock.now()
  if (!isMassRead(caller, { at, limit: settings.READS_PER_MINUTE })) return
  store.within(caller, async (tx) => { tellMassRead({ ...tx, identityId: caller.identityId, userId: caller.userId, now: () => at }, caller) })
    .catch((error: unknown) => { log.warn({ error }, 'a mass read could not be told of') })
}
