import type { Tx } from '../../platform/db/store.ts'
import { readPolicyVersions, type PolicyVersions } from './queries.ts'

/** Shares the sets' locks until the transaction ends and says their versions: sent with the gate's first statements. Undefined: they cannot be read. */
export const versionsFor = async (tx: Tx, identityId: string): Promise<PolicyVersions | undefined> => (await tx.send(readPolicyVersions(identityId)))[0]
