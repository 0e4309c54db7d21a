import { LRUCache } from 'lru-cache'
import { sha256 } from '../../platform/canonical.ts'
import { NO_PROOF, type Caller, type Platform } from '../../platform/ctx.ts'
import type { IdentityId, SessionId, UserId } from '../../platform/ids.ts'
import { Unauthenticated } from '../../platform/problems.ts'
import { findHolder, noteUse, type HolderRow } from './queries.ts'
import { isWellFormed } from './token.ts'

/** How long an answer of the database may be used: other nodes hear of a revocation within this time. */
const FRESH_MS = 1_000
const KEYS_MAX = 10_000
/** The last use of a key is written at most so often. */
const NOTED_MS = 60_000

/** A caller that is an API key, and until when it is one. */
export type KeyHolder = Caller & { expiresAt: Date }

/** The keys that are in use, looked up at most once a second each. The gate asks again in every effect's transaction. */
export type KeyRing = {
  /** Throws Unauthenticated, the same for every fault: unknown, revoked, expired, its person or identity gone. */
  find(token: string): Promise<KeyHolder>
  /** Has this node look again, at once, at the keys of these sessions. */
  forget(sessionIds: string[]): void
}

type Kept = { at: number; holder: Promise<KeyHolder | undefined>; sessionId: string | null }

export function createKeyRing(platform: Platform): KeyRing {
  // Kept from the moment the question is asked, as live sessions are: what was asked before a revocation is dropped with the rest.
  const kept = new LRUCache<string, Kept>({ max: KEYS_MAX, ttl: FRESH_MS })
  return {
    async find(token) {
      if (!isWellFormed(token)) throw Unauthenticated()
      const hash = sha256(token)
      const now = platform.clock.now()
      const found = kept.get(hash)
      const fresh = found && Math.abs(now.getTime() - found.at) < FRESH_MS ? found : undefined
      const holder = await (fresh ?? ask(hash, now)).holder
      if (!holder || holder.expiresAt <= now) throw Unauthenticated()
      return holder
    },
    forget(sessionIds) {
      const ended = new Set(sessionIds)
      for (const [hash, { sessionId }] of kept.entries()) if (sessionId === null || ended.has(sessionId)) kept.delete(hash)
    },
  }

  function ask(hash: string, now: Date): Kept {
    const asked: Kept = { at: now.getTime(), holder: look(platform, hash, now), sessionId: null }
    kept.set(hash, asked)
    asked.holder.then((holder) => {
      asked.sessionId = holder?.sessionId ?? ''
      if (!holder) kept.delete(hash)
    }, () => { kept.delete(hash) })
    return asked
  }
}

async function look({ store }: Platform, hash: string, now: Date): Promise<KeyHolder | undefined> {
  return store.within({ service: 'keys' }, async (tx) => {
    const [row] = await tx.send(findHolder(hash, now))
    if (!row) return undefined
    const unless = new Date(now.getTime() - NOTED_MS)
    if (row.last_used_at === null || row.last_used_at < unless) tx.atClose(() => noteUse(tx.db, row.id, { now, unless }))
    return holderOf(row)
  })
}

const holderOf = (row: HolderRow): KeyHolder => ({
  userId: row.user_id as UserId, identityId: row.identity_id as IdentityId, sessionId: row.session_id as SessionId, actor: { kind: 'api_key', id: row.id }, proof: NO_PROOF,
  key: { id: row.id, scopes: row.scopes }, spheres: row.spheres, expiresAt: row.expires_at,
})
