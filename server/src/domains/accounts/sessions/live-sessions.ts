import { LRUCache } from 'lru-cache'
import type { Clock } from '../../../platform/clock.ts'
import type { Proof } from '../../../platform/ctx.ts'
import type { Store } from '../../../platform/db/store.ts'
import type { Subject } from './access-token.ts'
import { findStanding } from '../queries.ts'

/** How long an answer of the database may be used: other nodes hear of a revocation within this time. */
const FRESH_MS = 1_000
const SESSIONS_MAX = 10_000

export type Standing = { sessionExpiresAt: Date; identity: 'active' | 'archived' | 'not_own'; proof: Proof }

/** Whether sessions live, looked up at most once a second for each. */
export type LiveSessions = {
  /** Undefined when the session is revoked or its user disabled. */
  find(subject: Subject): Promise<Standing | undefined>
  /** Makes this node look again at once. */
  forget(sessionIds: string[]): void
}

type Kept = { at: number; standing: Promise<Standing | undefined> }

export function createLiveSessions({ store, clock }: { store: Store; clock: Clock }): LiveSessions {
  // The promise is kept from the moment the question is asked, so requests at once share it, and one that was asked
  // before a revocation is dropped with the rest by `forget` instead of being kept when it comes back.
  const kept = new LRUCache<string, Kept>({ max: SESSIONS_MAX, ttl: FRESH_MS })
  return {
    find(subject) {
      const key = `${subject.sessionId} ${subject.userId} ${subject.identityId}`
      const now = clock.now().getTime()
      const found = kept.get(key)
      // `ttl` runs on the machine's monotonic time; this guards against a wall clock that jumps either way.
      if (found && Math.abs(now - found.at) < FRESH_MS) return found.standing
      const standing = look(store, subject)
      kept.set(key, { at: now, standing })
      standing.catch(() => { kept.delete(key) })
      return standing
    },
    forget(sessionIds) {
      const ended = new Set(sessionIds)
      for (const key of kept.keys()) if (ended.has(key.slice(0, key.indexOf(' ')))) kept.delete(key)
    },
  }
}

async function look(store: Store, subject: Subject): Promise<Standing | undefined> {
  const [row] = await store.within({ userId: subject.userId }, (tx) => tx.send(findStanding(tx.db, subject)))
  if (!row) return undefined
  const identity = row.identity_id === null ? 'not_own' : row.archived_at === null ? 'active' : 'archived'
  return { sessionExpiresAt: row.expires_at, identity, proof: { factorSet: row.has_factor === true, provedAt: row.proved_at } }
}
