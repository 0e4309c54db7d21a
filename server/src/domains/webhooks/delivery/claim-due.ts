import type { Platform } from '../../../platform/ctx.ts'
import { shareFence } from '../../governance/fence/share-fence.ts'
import { countPace, leaseDeliveries, lockDue, releaseLost, type DueRow } from '../queries.ts'

/** Longer than the client's own limit: whoever still holds a claim then is gone. */
export const LEASE_MS = 30_000
export const PER_MINUTE = 60
const WINDOW = 200
const LOST_MAX = 100
const MINUTE_MS = 60_000

/** `free`: how many may begin; `busy`: endpoints, and `resting`: identities, that may not; `failing`: whether one whose last attempt failed may. */
export type Room = { free: number; busy: string[]; resting: string[]; failing: boolean }

/** `rests`: identities whose minute is full, until when. */
export type Claim = { rows: DueRow[]; rests: Array<{ identityId: string; until: Date }> }

/**
 * Takes back what workers left behind that are gone, and claims due deliveries for one attempt each, at most one an endpoint and as many an identity as its minute still has.
 * The claim is a commit of its own, made while the fence is shared and operational: nothing is claimed once the kill-switch
 * has answered. Two nodes never get the same row: each locks what it looks at and passes over what another has locked.
 * The counts of identities are taken in the order of their ids, so that two nodes wait for each other one way only.
 */
export async function claimDue({ store, clock }: Platform, room: Room): Promise<Claim> {
  return store.within({ service: 'webhooks' }, async (tx) => {
    if (!await shareFence(tx)) return { rows: [], rests: [] }
    const now = clock.now()
    const [, due] = await Promise.all([
      tx.send(releaseLost(tx.db, now, LOST_MAX)),
      tx.send(lockDue(tx.db, { now, busy: room.busy, resting: room.resting, failing: room.failing, limit: WINDOW })),
    ])
    const picked = firstOfEach(due).slice(0, room.free)
    if (picked.length === 0) return { rows: [], rests: [] }
    const minute = new Date(now.getTime() - (now.getTime() % MINUTE_MS))
    const rows: DueRow[] = []
    const rests: Claim['rests'] = []
    for (const [identityId, wanted] of [...Map.groupBy(picked, (row) => row.identity_id)].toSorted(([a], [b]) => (a < b ? -1 : 1))) {
      const [pace] = await tx.send(countPace(tx.db, identityId, { minute, used: wanted.length }))
      const left = Math.max(0, PER_MINUTE - ((pace?.used ?? 0) - wanted.length))
      rows.push(...wanted.slice(0, left))
      if (wanted.length > left) rests.push({ identityId, until: new Date(minute.getTime() + MINUTE_MS) })
    }
    if (rows.length > 0) await tx.send(leaseDeliveries(tx.db, rows.map(({ id }) => id), new Date(now.getTime() + LEASE_MS)))
    return { rows: rows.map((row) => ({ ...row, attempts: row.attempts + 1 })), rests }
  })
}

/** The first delivery of each endpoint. */
const firstOfEach = (rows: DueRow[]): DueRow[] => [...new Map(rows.toReversed().map((row) => [row.webhook_id, row])).values()].toReversed()
