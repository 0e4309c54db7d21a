import type { Tx } from '../../../platform/db/store.ts'
import { readFence, shareFence as takeShare } from '../queries.ts'

/**
 * Shares the fence until the transaction ends and says whether effects may happen: for work that leaves after its own
 * commit and looks again before each step. Fails closed: a fence that cannot be read is dormant.
 */
export async function shareFence(tx: Tx): Promise<boolean> {
  const [, [fence]] = await Promise.all([tx.send(takeShare()), tx.send(readFence(tx.db))])
  return fence?.state === 'operational'
}
