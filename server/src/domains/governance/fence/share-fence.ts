import type { Actor } from '../../../platform/ctx.ts'
import type { Tx } from '../../../platform/db/store.ts'
import { Dormant } from '../errors.ts'
import { ensureNotStopped, type Work } from './ensure-not-stopped.ts'
import { readFence, readStops, shareFence as takeShare } from './queries.ts'

/**
 * Shares the fence until the transaction ends and says whether effects may happen: for work that leaves after its own
 * commit and looks again before each step. Fails closed: a fence that cannot be read is dormant.
 */
export async function shareFence(tx: Tx): Promise<boolean> {
  const [, [fence]] = await Promise.all([tx.send(takeShare(tx.scope.identityId)), tx.send(readFence(tx.db))])
  return fence?.state === 'operational'
}

/** Whose work it is, and who does it. */
export type Worker = Work & { identityId: string; actor: Actor }

/**
 * Shares the fence for an agent's work until the transaction ends: for a run that begins, a job that takes it up, a call to
 * the outside. Throws Dormant, Held, Dispersed or Paused.
 */
export async function shareFenceFor(tx: Tx, worker: Worker): Promise<void> {
  const [, [stops]] = await Promise.all([tx.send(takeShare(worker.identityId)), tx.send(readStops(worker.identityId, worker.actor))])
  if (stops?.state !== 'operational') throw Dormant()
  ensureNotStopped(stops, worker)
}
