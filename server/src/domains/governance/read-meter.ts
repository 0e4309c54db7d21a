import { LRUCache } from 'lru-cache'
import type { EffectTx } from '../../platform/ctx.ts'
import { emit } from '../../platform/events/emit.ts'
import { MassRead } from './events.ts'

const WINDOW_MS = 60_000
const ACTORS_MAX = 10_000

type Window = { startedAt: number; count: number }

/** Counts what those who work for people read, on this node; tells once for every `limit` reads of one of them in a minute. */
export type ReadMeter = { count(tx: EffectTx, limit: number): void }

export function createReadMeter(): ReadMeter {
  const windows = new LRUCache<string, Window>({ max: ACTORS_MAX })
  return {
    count(tx, limit) {
      const { actor, identityId } = tx
      if (actor.kind === 'person') return
      const key = `${identityId} ${actor.kind} ${actor.id}`
      const now = tx.now().getTime()
      const found = windows.get(key)
      const window = found && Math.abs(now - found.startedAt) < WINDOW_MS ? found : { startedAt: now, count: 0 }
      window.count += 1
      windows.set(key, window)
      if (window.count % limit === 0) emit(tx, MassRead, { actor_kind: actor.kind, actor_id: actor.id })
    },
  }
}
