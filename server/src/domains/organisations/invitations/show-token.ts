import type { z } from 'zod'
import type { CallerCtx } from '../../../platform/ctx.ts'
import type { Role } from '../../policies/requirement.ts'
import { record } from '../../audit/record.ts'
import { Dormant } from '../../governance/errors.ts'
import { shareFence } from '../../governance/fence/share-fence.ts'
import { refuseMissing } from '../../governance/refuse-missing.ts'
import type { RevealedInvitation } from '../contract.ts'
import { InvitationOut, InvitationOver, InvitedByMail, RoleLacking } from '../errors.ts'
import { asOrganisations } from '../membership.ts'
import { presentInvitation } from '../present.ts'
import { findInvitation, findMember, showInvitation } from '../queries.ts'
import { MANAGERS } from '../roles.ts'
import { mintInvitation } from './token.ts'

/** Shows the token of an invitation to its inviters, once, where no e-mail carries it. */
export async function showToken(ctx: CallerCtx, invitationId: string, { mailed }: { mailed: boolean }): Promise<z.input<typeof RevealedInvitation>> {
  const { caller, platform, requestId } = ctx
  const { token, hash } = mintInvitation()
  return platform.store.within(caller, async (tx) => {
    if (!await shareFence(tx)) throw Dormant()
    const [found] = await tx.send(findInvitation(tx.db, invitationId))
    if (!found) return refuseMissing({ ...ctx, tx, db: tx.db, identityId: caller.identityId }, { type: 'invitation', id: invitationId })
    const [member] = await tx.send(findMember(tx.db, found.organisation_id, caller.userId))
    if (!MANAGERS.includes(member?.role as Role)) throw RoleLacking()
    if (mailed) throw InvitedByMail()
    const [row] = await asOrganisations(tx, showInvitation(tx.db, invitationId, { hash, now: ctx.now() }))
    if (!row) throw found.accepted_at || found.revoked_at || found.expires_at <= ctx.now() ? InvitationOver() : InvitationOut()
    record(tx, { ...caller, via: 'rest', requestId, now: ctx.now }, { action: 'invitation.shown', outcome: 'done', effect: 'GRANT', resource: { type: 'invitation', id: invitationId } })
    return { ...presentInvitation(row, ctx.now()), token }
  })
}
