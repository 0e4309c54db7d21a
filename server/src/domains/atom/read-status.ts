import type { z } from 'zod'
import type { Platform } from '../../platform/ctx.ts'
import { ServiceUnavailable } from '../../platform/problems.ts'
import type { Status } from './contract.ts'
import { DORMANT, frequencyOf, TARGET } from './frequency.ts'
import { countActive, readState } from './queries.ts'

/** The state as it is in the database now. */
export async function readStatus({ store }: Platform): Promise<z.input<typeof Status>> {
  const [[fence], [count]] = await store.within({ service: 'atom' }, (tx) => Promise.all([tx.send(readState(tx.db)), tx.send(countActive(tx.db))]))
  if (!fence) throw ServiceUnavailable({ retryAfterSeconds: 1 })
  const isDormant = fence.state !== 'operational'
  return {
    status: isDormant ? 'dormant' : 'operational', frequency: frequencyOf(fence.state), agents_active: isDormant ? 0 : Number(count?.active ?? 0), kill_switch: isDormant,
    target: TARGET, dormant_frequency: DORMANT, since: fence.since.toISOString(), reason: fence.reason,
  }
}
