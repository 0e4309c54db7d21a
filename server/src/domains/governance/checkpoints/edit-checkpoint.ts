import { canonical } from '../../../platform/canonical.ts'
import { Conflict } from '../../../platform/problems.ts'
import { ensurePerson } from '../deciders/ensure-person.ts'
import type { Gate } from '../gate.ts'
import { ensureLive } from '../perform.ts'
import { findCheckpoint, readGuard, shareFence, type CheckpointRow } from '../queries.ts'
import { recordRefusal } from '../refusals.ts'
import { openInstead } from './ask-anew.ts'
import { approve, type Decision, type Settled } from './decide-checkpoint.ts'
import { ensureIntact, ensureSeen } from './ensure-intact.ts'
import { refuseToDecide } from './refuse-to-decide.ts'
import { ensureSteppedUp } from './step-up.ts'

export type Edit = Decision & { args: Record<string, unknown>; /** Approve what was made of it at once. */ approve: boolean }

/**
 * Puts another action in the place of one that waits: the same tool with other arguments, a hash of its own, and the way
 * back to what was asked. It goes through schema, boundary and policy again, and always waits; the old one has ended in the
 * same commit, so of an edit and an approval at once one happens. With `approve` the person's decision follows at once: what
 * comes between the two commits meets a pending checkpoint, as ever.
 */
export async function editCheckpoint(gate: Gate, edit: Edit): Promise<Settled> {
  ensurePerson(edit.caller)
  const from = await getPending(gate, edit)
  if (edit.approve) ensureSteppedUp(edit.caller, from.effect, gate.platform.clock.now())
  if (canonical(from.args) === canonical(edit.args)) throw Conflict({ en: 'That is what waits already. Approve it, or change something.', fr: 'C’est ce qui attend déjà. Approuvez-le, ou modifiez quelque chose.' })
  const to = await openInstead(gate, edit, { from, args: edit.args, because: 'edited' })
  if (!edit.approve) return { checkpoint: to, run: null, decided: null, isFor: false }
  return approve(gate, { ...edit, id: to.id, shownHash: to.shown_hash, etag: null })
}

/** A checkpoint of the caller's that still waits and is what it was opened as. Throws as a decision on it would. */
async function getPending(gate: Gate, edit: Edit): Promise<CheckpointRow> {
  const { caller, id } = edit
  const now = gate.platform.clock.now()
  try {
    return await gate.platform.store.within(caller, async (tx) => {
      // What is frozen is not over: while the system is dormant nothing is edited, and nothing is said to have expired.
      const [, guards, [row]] = await Promise.all([tx.send(shareFence(caller.identityId)), tx.send(readGuard(caller, now)), tx.send(findCheckpoint(tx.db, caller.identityId, id))])
      ensureLive(guards[0])
      if (!row || row.status !== 'pending' || row.expires_at <= now || row.type === 'identity_boundary') return refuseToDecide(tx, edit, now)
      ensureIntact(row)
      ensureSeen({ ...row, version: row.version + 1 }, edit)
      return row
    })
  } catch (error) {
    await recordRefusal(gate.platform, { ...edit, via: 'rest', runId: null }, error)
    throw error
  }
}
