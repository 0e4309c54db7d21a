import type { Delivery, Mail, Mailer } from '../../../adapters/mail/mailer.ts'
import type { Platform } from '../../../platform/ctx.ts'
import { isProblem } from '../../../platform/errors.ts'
import { Dormant } from '../../governance/errors.ts'
import type { InFlight } from '../../governance/fence/in-flight.ts'
import { shareFence } from '../../governance/fence/share-fence.ts'
import { claimUnsent, findInviter, settleMail, type InvitationRow } from '../queries.ts'
import { mintInvitation } from './token.ts'

export type Post = { mailer: Mailer | null; inFlight: Pick<InFlight, 'start'> }

/**
 * Mails one invitation that has not left yet; 1 when another may wait, 0 when none does or the mail server is away. The
 * token is made when the e-mail is, so none lies in a queue; one that did not leave is made anew, and the old one is void.
 */
export async function mailNext(platform: Platform, { mailer, inFlight }: Post, signal: AbortSignal): Promise<number> {
  if (!mailer) return 0
  const claimed = await claim(platform)
  if (!claimed) return 0
  const { row, mail } = claimed
  const { fate } = await carry(mail, { mailer, inFlight }, signal)
  await platform.store.within({ service: 'organisations' }, (tx) => tx.send(settleMail(tx.db, row.id, fate)))
  return fate === 'later' ? 0 : 1
}

const claim = ({ store, clock }: Platform): Promise<{ row: InvitationRow; mail: Mail } | undefined> => store.within({ service: 'organisations' }, async (tx) => {
  if (!await shareFence(tx)) return undefined
  const { token, hash } = mintInvitation()
  const now = clock.now()
  const [row] = await tx.send(claimUnsent(tx.db, { hash, now }))
  const [inviter] = row ? await tx.send(findInviter(tx.db, { userId: row.invited_by, organisationId: row.organisation_id })) : []
  return row && inviter && { row, mail: letter(row, { inviter, token, now }) }
})

type Written = { inviter: { name: string; email: string; organisation: string }; token: string; now: Date }

/** In both languages: nothing is known yet of who reads it. */
const letter = (row: InvitationRow, { inviter, token, now }: Written): Mail => ({
  id: row.id, to: { name: null, address: row.email }, replyTo: { name: inviter.name, address: inviter.email }, subject: `${inviter.organisation} · CHE·NU`, writtenAt: now,
  text: [
    `${inviter.name} invites you to join “${inviter.organisation}” as ${row.role}. Sign in with this e-mail address, then accept with this token, once, before ${row.expires_at.toISOString()}:`, '', token, '',
    `${inviter.name} vous invite à rejoindre « ${inviter.organisation} » avec le rôle « ${row.role} ». Connectez-vous avec cette adresse e-mail, puis acceptez avec ce jeton, une fois, avant le ${row.expires_at.toISOString()}.`, '',
    'POST /api/v2/invitations/accept {"token": "…"}', '',
  ].join('\n'),
})

async function carry(mail: Mail, { mailer, inFlight }: { mailer: Mailer; inFlight: Post['inFlight'] }, signal: AbortSignal): Promise<Delivery> {
  try {
    return await inFlight.start((stopped) => mailer.send(mail, stopped), signal)
  } catch (error) {
    if (isProblem(error, Dormant)) return { fate: 'later', reason: 'stopped' }
    throw error
  }
}
