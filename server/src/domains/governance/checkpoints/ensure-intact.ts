import { canonical, sha256 } from '../../../platform/canonical.ts'
import { PreconditionFailed, Stale } from '../errors.ts'
import type { CheckpointRow } from '../queries.ts'
import { hashShown } from '../showing/show.ts'
import { etagOf } from './present.ts'

/**
 * Looks whether a checkpoint still says what it was opened with: its action fits its hash, its arguments are those of the
 * action, and what its approver was shown fits its own hash. Throws Stale, `forged`: somebody wrote into the row.
 */
export function ensureIntact(row: CheckpointRow): void {
  const { args } = JSON.parse(row.action) as { args?: unknown }
  const holds = sha256(row.action) === row.action_hash && canonical(args ?? null) === canonical(row.args) && (row.shown === null ? row.shown_hash === null : hashShown(row.shown) === row.shown_hash)
  if (!holds) throw Stale({ because: 'forged' })
}

/**
 * Refuses a decision on something else than what is stored: `shownHash` says what the person read (Stale, `shown`), `etag` the
 * version that they mean (412). `row` is as the claim left it, one version on.
 */
export function ensureSeen(row: CheckpointRow, { shownHash, etag }: { shownHash?: string | null; etag?: string | null }): void {
  if (etag && etag !== '*' && etag !== etagOf({ ...row, version: row.version - 1 })) throw PreconditionFailed()
  if (shownHash && shownHash !== row.shown_hash) throw Stale({ because: 'shown' })
}
