import type { Tx } from '../../../platform/db/store.ts'
import type { CedarRequest } from '../engine/request.ts'
import type { Untrusted } from '../engine/question.ts'
import { findDecisionOf } from '../queries.ts'

/** What the run had read of strangers when a call was held, from the decision that held it. */
export async function findUntrustedOf(tx: Tx, identityId: string, checkpointId: string): Promise<Untrusted[]> {
  const [row] = await tx.send(findDecisionOf(tx.db, identityId, checkpointId))
  const tools = (row?.requests as CedarRequest[] | null)?.[0]?.context.untrusted
  return Array.isArray(tools) ? tools.filter((tool) => typeof tool === 'string').map((tool) => ({ tool, ref: null })) : []
}
