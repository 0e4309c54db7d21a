import type { z } from 'zod'
import { sha256 } from '../../../platform/canonical.ts'
import type { Ctx } from '../../../platform/ctx.ts'
import { Conflict, Gone, NotFound } from '../../../platform/problems.ts'
import type { ActivateSceau, SceauActivated } from '../contract.ts'
import { SceauTooShort } from '../errors.ts'
import { deleteAttempt, findAttempt, validateAttempt } from '../queries.ts'
import { newSecret } from './secret.ts'

/** The frequency of a validated Sceau; a display value. */
const REACHED = 999

/**
 * The touch ends. It counts when it lasted long enough between the server's own two looks at the clock; what the body
 * says of it is not read. Too short ends the attempt, so that one cannot begin once and try until it fits.
 */
export async function activateSceau({ platform, now }: Ctx, { attempt }: z.output<typeof ActivateSceau>): Promise<z.input<typeof SceauActivated>> {
  const { SCEAU_MS: neededMs, SCEAU_MINUTES: minutes } = platform.settings
  const at = now()
  const attemptHash = sha256(attempt)
  const session = newSecret()
  const expiresAt = new Date(at.getTime() + minutes * 60_000)
  const { measuredMs, done } = await platform.store.within({ service: 'sceau' }, async (tx) => {
    const [begun] = await tx.send(findAttempt(tx.db, attemptHash))
    if (!begun) throw NotFound()
    if (begun.validated_at !== null) throw Conflict({ en: 'This touch was ended already.', fr: 'Ce toucher est déjà terminé.' })
    if (begun.expires_at <= at) throw Gone({ en: 'This touch is over. Begin again.', fr: 'Ce toucher est terminé. Recommencez.' })
    const measuredMs = at.getTime() - begun.began_at.getTime()
    if (measuredMs < neededMs) {
      await tx.send(deleteAttempt(tx.db, attemptHash))
      return { measuredMs, done: false }
    }
    const [row] = await tx.send(validateAttempt(tx.db, { attemptHash, sessionHash: session.hash, at, durationMs: measuredMs, frequency: REACHED, expiresAt }))
    if (!row) throw Conflict({ en: 'This touch was ended already.', fr: 'Ce toucher est déjà terminé.' })
    return { measuredMs, done: true }
  })
  if (!done) throw SceauTooShort({ measuredMs, neededMs })
  return { success: true, session_id: session.text, frequency: REACHED, duration_ms: measuredMs, expires_at: expiresAt.toISOString() }
}
