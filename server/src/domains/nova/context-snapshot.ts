import { canonical, sha256 } from '../../platform/canonical.ts'
import type { Tx } from '../../platform/db/store.ts'
import type { IdentityId } from '../../platform/ids.ts'
import { recentThreadMessages, type ThreadMessage } from '../threads/recent-messages.ts'

const MESSAGES_MAX = 20

export type Snapshot = { identity_id: string; sphere_id: number | null; thread: { id: string; messages: ThreadMessage[] } | null; at: string }

/** Lane B: what the run may look at, frozen and hashed, so that what was known when it was decided can be shown. */
export async function takeSnapshot(tx: Tx | null, given: { identityId: IdentityId; sphereId: number | null; threadId: string | null; at: Date }): Promise<{ snapshot: Snapshot; hash: string }> {
  const thread = tx && given.threadId ? { id: given.threadId, messages: await recentThreadMessages(tx.db, given.identityId, given.threadId, MESSAGES_MAX) } : null
  const snapshot: Snapshot = { identity_id: given.identityId, sphere_id: given.sphereId, thread, at: given.at.toISOString() }
  return { snapshot, hash: sha256(canonical(snapshot)) }
}
