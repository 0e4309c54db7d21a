import type { Platform } from '../../../platform/ctx.ts'
import { listSecrets, replaceSecret } from './queries.ts'
import type { Vault } from './vault.ts'

const BATCH = 100
const FIRST = '00000000-0000-0000-0000-000000000000'

/** After a change of JWT_SECRET: seals anew what lies under the one before, so that it can be removed; how many. */
export async function resealFactors({ store, secrets }: Platform, vault: Vault, signal: AbortSignal): Promise<number> {
  if (!secrets.previous) return 0
  let renewed = 0
  for (let after: string | undefined = FIRST; after !== undefined && !signal.aborted;) {
    const from: string = after
    after = await store.within({ service: 'sign-in' }, async (tx) => {
      const rows = await tx.send(listSecrets(tx.db, from, BATCH))
      for (const { id, secret } of rows) {
        const fresh = secret && vault.renew(secret, id)
        if (!secret || !fresh) continue
        await tx.send(replaceSecret(tx.db, { id, from: secret, to: fresh }))
        renewed += 1
      }
      return rows.length < BATCH ? undefined : rows.at(-1)?.id
    })
  }
  return renewed
}
