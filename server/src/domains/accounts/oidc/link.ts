import type { z } from 'zod'
import type { CallerCtx } from '../../../platform/ctx.ts'
import { emit } from '../../../platform/events/emit.ts'
import { newId } from '../../../platform/ids.ts'
import { record } from '../../audit/record.ts'
import { refuseMissing } from '../../governance/refuse-missing.ts'
import { sceneOf, type Desk } from '../desk.ts'
import { ProviderLinked, ProviderUnlinked } from '../events.ts'
import { ensureProved } from '../factors/ensure-proved.ts'
import { ensureReauthenticated } from '../factors/ensure-reauthenticated.ts'
import { writeLetter } from '../letters/write-letter.ts'
import { redeem } from './authorize.ts'
import type { Link, LinkProvider } from './contract.ts'
import { FederationRefused, LinkedElsewhere } from './errors.ts'
import { presentLink } from './present.ts'
import { deleteExternal, insertExternal, spendFlow } from './queries.ts'

/**
 * Links an account at a provider to the signed-in person, who is told: it is a way in that outlasts a password, so a found
 * session adds none. Throws ReauthRequired, WrongPassword, StepUpRequired, FederationRefused, LinkedElsewhere, ProviderDown.
 */
export async function linkProvider(desk: Desk, ctx: CallerCtx, { password, ...given }: z.output<typeof LinkProvider>): Promise<z.input<typeof Link>> {
  await ensureReauthenticated(desk, ctx, password)
  ensureProved(ctx)
  const { claims, flow } = await redeem(desk, given)
  const { userId } = ctx.caller
  const scene = sceneOf(desk, { ...ctx.caller, requestId: ctx.requestId })
  return desk.platform.store.within({ ...ctx.caller, service: 'sign-in' }, async (tx) => {
    const [spent] = await tx.send(spendFlow(tx.db, { id: flow.id, expiresAt: new Date(flow.expiresAt) }))
    if (!spent) throw FederationRefused({ because: 'flow' })
    const [row] = await tx.send(insertExternal(tx.db, { id: newId(), userId, provider: given.provider, issuer: claims.issuer, subject: claims.subject, at: scene.now() }))
    if (!row) throw LinkedElsewhere()
    record(tx, scene, { action: 'provider.linked', outcome: 'done', effect: 'GRANT', resource: { type: 'external_account', id: row.id }, details: { provider: given.provider } })
    emit({ ...tx, ...scene }, ProviderLinked, { provider: given.provider })
    writeLetter(desk, tx, { userId, kind: 'provider_linked', language: ctx.language })
    return presentLink(row)
  })
}

/** Takes a link away. The password still signs in, or a reset gives one. Throws StepUpRequired, NotFound. */
export async function unlinkProvider(desk: Desk, ctx: CallerCtx, id: string): Promise<void> {
  ensureProved(ctx)
  const scene = sceneOf(desk, { ...ctx.caller, requestId: ctx.requestId })
  await desk.platform.store.within(ctx.caller, async (tx) => {
    const [gone] = await tx.send(deleteExternal(tx.db, ctx.caller.userId, id))
    if (!gone) return refuseMissing({ ...ctx, tx, db: tx.db, identityId: ctx.caller.identityId }, { type: 'external_account', id })
    record(tx, scene, { action: 'provider.unlinked', outcome: 'done', effect: 'GRANT', resource: { type: 'external_account', id } })
    emit({ ...tx, ...scene }, ProviderUnlinked, { link_id: id })
    writeLetter(desk, tx, { userId: ctx.caller.userId, kind: 'provider_unlinked', language: ctx.language })
    return undefined
  })
}
