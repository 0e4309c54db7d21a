import type { Store } from '../../platform/db/store.ts'
import { emit } from '../../platform/events/emit.ts'
import { newId, type IdentityId, type UserId } from '../../platform/ids.ts'
import { record, type AuditScene } from '../audit/record.ts'
import { purgeContacts } from '../contacts/purge-contacts.ts'
import { purgeNotes } from '../notes/purge-notes.ts'
import { purgeTasks } from '../tasks/purge-tasks.ts'
import { purgeThreads } from '../threads/purge-threads.ts'
import { BINNED_KINDS, countPurged, sumPurged, type Purged } from './count-purged.ts'
import { BinEmptied } from './events.ts'
import { listOwners } from './queries.ts'

export const BIN_DAYS = 30
const DAY_MS = 24 * 3_600_000
/** Rows of one kind that one transaction removes, so that none holds its locks for long. */
const BATCH = 100

/** Removes for good what has lain in the bin for more than 30 days, of every identity; how much it was. Safe on several nodes at once; an aborted one leaves the rest for the next. */
export async function emptyBin(store: Store, now: Date, signal?: AbortSignal): Promise<Purged> {
  const batches: Purged[] = []
  for (let full = true; full;) {
    if (signal?.aborted) break
    const purged = await emptyBatch(store, now)
    batches.push(purged)
    full = BINNED_KINDS.some((kind) => purged[kind] === BATCH)
  }
  return sumPurged(batches)
}

async function emptyBatch(store: Store, now: Date): Promise<Purged> {
  const before = new Date(now.getTime() - BIN_DAYS * DAY_MS)
  return store.within({ service: 'bin' }, async (tx) => {
    const [notes, tasks, contacts, threads] = await Promise.all([
      purgeNotes(tx.db, before, BATCH), purgeTasks(tx.db, before, BATCH), purgeContacts(tx.db, before, BATCH), purgeThreads(tx.db, before, BATCH),
    ])
    const counts = countPurged({ notes, tasks, contacts, threads })
    const owners = counts.size > 0 ? await listOwners(tx.db, [...counts.keys()]) : []
    for (const { id, user_id } of owners) {
      const details = counts.get(id) ?? sumPurged([])
      const scene: AuditScene = { identityId: id as IdentityId, userId: user_id as UserId, actor: { kind: 'system', id: 'bin' }, via: 'system', requestId: newId(), now: () => now }
      emit({ ...tx, ...scene }, BinEmptied, details)
      record(tx, scene, { action: 'bin.emptied', outcome: 'done', effect: 'DELETE', details })
    }
    return sumPurged(counts.values())
  })
}
