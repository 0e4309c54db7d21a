import type { z } from 'zod'
import type { Ctx } from '../../../platform/ctx.ts'
import type { SceauBegun } from '../contract.ts'
import { insertAttempt } from '../queries.ts'
import { newSecret } from './secret.ts'

/** How long a touch may last before it counts as let go. */
const ATTEMPT_MS = 5 * 60_000

/** The touch begins: its time is taken by the server. */
export async function beginSceau({ platform, now }: Ctx): Promise<z.input<typeof SceauBegun>> {
  const at = now()
  const expiresAt = new Date(at.getTime() + ATTEMPT_MS)
  const { text, hash } = newSecret()
  await platform.store.within({ service: 'sceau' }, (tx) => tx.send(insertAttempt(tx.db, { hash, at, expiresAt })))
  return { attempt: text, began_at: at.toISOString(), needed_ms: platform.settings.SCEAU_MS, expires_at: expiresAt.toISOString() }
}
