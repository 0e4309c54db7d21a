import type { z } from 'zod'
import type { Tx } from '../../platform/db/store.ts'
import type { Language } from '../../platform/text.ts'
import type { HubState } from './contract.ts'
import { presentHubs } from './present.ts'
import { findHubState } from './queries.ts'

/** The state of the three hubs of an identity. */
export async function findHubs(tx: Tx, identityId: string, language: Language): Promise<z.input<typeof HubState>> {
  const [row] = await tx.send(findHubState(tx.db, identityId))
  return presentHubs(row, language)
}
