import type { CallerCtx } from '../../../platform/ctx.ts'
import type { Tx } from '../../../platform/db/store.ts'
import type { Gate } from '../gate.ts'
import { shareFence } from '../fence/share-fence.ts'
import { expireDue, expireOne, expireOwn, type CheckpointRow } from '../queries.ts'
import { ageingTx } from './escalate.ts'
import { tellExpired } from './tell-expired.ts'

const BATCH = 100

/** Ends the checkpoints whose time is over, at most 100 a call; how many it ended. Runs on any node; none while the system is stopped. */
export const expireCheckpoints = (gate: Gate, requestId: string): Promise<number> =>
  gate.platform.store.within({ service: 'expiry' }, (plain) => expire(gate, plain, { requestId, due: (now) => plain.send(expireDue(plain.db, now, BATCH)) }))

/** The same for one identity, at its wish. */
export const expireOwnCheckpoints = (gate: Gate, { caller, requestId }: CallerCtx): Promise<number> =>
  gate.platform.store.within(caller, (plain) => expire(gate, plain, { requestId, due: (now) => plain.send(expireOwn(plain.db, caller.identityId, now, BATCH)) }))

/** The same for one that somebody found over: from then on it is, also when the clock goes back. */
export const expireFound = (gate: Gate, { id, requestId }: { id: string; requestId: string }): Promise<number> =>
  gate.platform.store.within({ service: 'expiry' }, (plain) => expire(gate, plain, { requestId, due: (now) => plain.send(expireOne(plain.db, id, now)) }))

type Round = { requestId: string; due: (now: Date) => Promise<CheckpointRow[]> }

async function expire(gate: Gate, plain: Tx, { requestId, due }: Round): Promise<number> {
  // Frozen, not denied: nobody can approve while the system is dormant, so nothing expires either.
  if (!await shareFence(plain)) return 0
  const rows = await due(gate.platform.clock.now())
  for (const row of rows) await tellExpired(gate, ageingTx(gate, plain, row, requestId), row)
  return rows.length
}
