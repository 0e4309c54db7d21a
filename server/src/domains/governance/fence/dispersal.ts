import { randomBytes } from 'node:crypto'
import { sha256 } from '../../../platform/canonical.ts'
import type { Platform } from '../../../platform/ctx.ts'
import type { Tx } from '../../../platform/db/store.ts'
import { newId } from '../../../platform/ids.ts'
import { Conflict, RateLimited } from '../../../platform/problems.ts'
import { InvalidCode } from './errors.ts'
import type { Fence, FenceChange } from './fence.ts'
import { clearDispersal, countCodesSince, deleteOldCodes, findLastSpent, insertCode, narrowDispersal, setDispersal, spendCode, type FenceRow } from './queries.ts'

export const LEVELS = ['partial', 'sectoral', 'total'] as const
export type Level = (typeof LEVELS)[number]

const HOUR_MS = 3_600_000
const CODE_MS = 5 * 60_000
const CODES_AN_HOUR = 10
const KEPT_MS = 90 * 24 * HOUR_MS

/**
 * A one-time code of 256 bits, shown now and kept as its hash only, good for five minutes. Throws RateLimited after ten in an
 * hour. The safeguard is not throttled, and takes none of the ten: neither an operator's codes nor its own milder answers may
 * keep a later one from being given, nor an attack the operator from dispersing.
 */
export async function issueCode({ store, clock }: Platform, { by, announce }: { by: string; announce(tx: Tx): void }): Promise<{ code: string; expiresAt: Date }> {
  const code = randomBytes(32).toString('base64url')
  const at = clock.now()
  const expiresAt = new Date(at.getTime() + CODE_MS)
  await store.within({ service: 'fence' }, async (tx) => {
    const [issued] = by === 'safeguard' ? [] : await tx.send(countCodesSince(tx.db, new Date(at.getTime() - HOUR_MS)))
    if (Number(issued?.count ?? 0) >= CODES_AN_HOUR) throw RateLimited({ policy: 'protocol-999', retryAfterSeconds: HOUR_MS / 1_000 })
    await tx.send(deleteOldCodes(tx.db, new Date(at.getTime() - KEPT_MS)))
    await tx.send(insertCode(tx.db, { id: newId(), hash: sha256(code), to: by, at, expiresAt }))
    announce(tx)
  })
  return { code, expiresAt }
}

const rank = (level: string | null): number => LEVELS.indexOf(level as Level)

export type Dispersal = FenceChange & { code: string; level: Level; sphereId: number | null }

/**
 * Disperses a part of the fleet for a code, which is spent in the same commit: a refusal leaves it. Once an hour, but for a
 * level above the last one's. Throws InvalidCode, RateLimited.
 */
export const disperse = (fence: Fence, platform: Platform, given: Dispersal): Promise<void> => fence.move({
  wait: { identityId: null, end: true },
  async alter(tx, before) {
    const at = platform.clock.now()
    const [spent] = await tx.send(spendCode(tx.db, { hash: sha256(given.code), level: given.level, at }))
    if (!spent) throw InvalidCode()
    const [last] = await tx.send(findLastSpent(tx.db, spent.id))
    const waitMs = last?.spent_at && rank(given.level) <= rank(last.level) ? last.spent_at.getTime() + HOUR_MS - at.getTime() : 0
    if (waitMs > 0) throw RateLimited({ policy: 'protocol-999', retryAfterSeconds: Math.min(Math.ceil(waitMs / 1_000), HOUR_MS / 1_000) })
    // A lower level never takes back what a higher one stopped.
    const isHigher = rank(given.level) >= rank(before.dispersal)
    const [row] = await tx.send(setDispersal(tx.db, isHigher ? { ...given, at } : {
      by: before.dispersal_by ?? given.by, reason: before.dispersal_reason, at: before.dispersal_since ?? at, level: before.dispersal ?? given.level, sphereId: before.dispersal_sphere,
    }))
    if (row) await given.announce(tx, row, before)
    return row
  },
})

/** Brings a part of the fleet back: `gather` moves it and says how many are still dispersed. Throws Conflict while dormant. */
export const gather = (fence: Fence, given: Pick<FenceChange, 'announce'> & { gather(tx: Tx): Promise<{ left: number }> }): Promise<void> => fence.move({
  wait: null,
  async alter(tx, before): Promise<FenceRow | undefined> {
    if (before.state !== 'operational') throw Conflict({ en: 'The system is dormant: revive all of it.', fr: 'Le système est en dormance : réactivez-le en entier.' })
    if (before.dispersal === null) return undefined
    const { left } = await given.gather(tx)
    const [row] = await tx.send(left === 0 ? clearDispersal(tx.db) : narrowDispersal(tx.db))
    if (row) await given.announce(tx, row, before)
    return row
  },
})
