import type { Caller, Ctx } from '../../../platform/ctx.ts'
import type { Tx } from '../../../platform/db/store.ts'
import { emit } from '../../../platform/events/emit.ts'
import type { IdentityId } from '../../../platform/ids.ts'
import { isUuid } from '../../../platform/ids.ts'
import { NotFound } from '../../../platform/problems.ts'
import { instanceScene } from '../../audit/instance.ts'
import { record, type AuditScene } from '../../audit/record.ts'
import { IdentityBoundary } from '../../governance/errors.ts'
import type { Fence } from '../../governance/fence/fence.ts'
import { liftPause, setPause, type PauseRow, type Setter } from '../../governance/fence/pauses.ts'
import { phaseAt } from '../beat.ts'
import { AtomAgentWave } from '../events.ts'
import { RUNNING } from '../frequency.ts'
import { findIdentityOwner, findMember, findSphere } from '../queries.ts'
import type { Role } from '../require-seal.ts'

/** Who asks: a person for the identity that they act as, or the operator. */
export type Asking = { caller: Caller } | { role: Role }

type Wanted = { scope: 'agent' | 'automation' | 'identity' | 'sphere'; id: string; reason: string }

/** Pauses one agent, automation, identity or sphere. A person: for their own identity. Throws NotFound, IdentityBoundary, Conflict. */
export async function pause(fence: Fence, ctx: Ctx, asking: Asking, { scope, id, reason }: Wanted): Promise<PauseRow> {
  const target = await targetOf(ctx, asking, { scope, id })
  return setPause(fence, { setter: setterOf(asking), scope, target, reason, at: ctx.now(), announce: (tx, row) => { tellPause(tx, ctx, asking, { row, isSet: true }) } })
}

export const unpause = (fence: Fence, ctx: Ctx, asking: Asking, id: string): Promise<PauseRow> =>
  liftPause(fence, { setter: setterOf(asking), id, announce: (tx, row) => { tellPause(tx, ctx, asking, { row, isSet: false }) } })

const setterOf = (asking: Asking): Setter => ('caller' in asking ? { by: 'owner', identityId: asking.caller.identityId } : { by: asking.role, identityId: null })

/** What is paused exists; an automation is known by its id alone. */
async function targetOf({ platform: { store } }: Ctx, asking: Asking, { scope, id }: Pick<Wanted, 'scope' | 'id'>): Promise<string> {
  if (scope === 'automation') return id
  return store.within({ service: 'atom' }, async (tx) => {
    if (scope === 'agent') return (await tx.send(findMember(tx.db, id)))[0]?.agent_code ?? missing()
    if (scope === 'sphere') return String((await tx.send(findSphere(tx.db, id)))[0]?.id ?? missing())
    const [found] = isUuid(id) ? await tx.send(findIdentityOwner(tx.db, id)) : []
    if (!found) return missing()
    if ('caller' in asking && found.id !== asking.caller.identityId) throw IdentityBoundary({ resource: { type: 'identity', id } })
    return found.id
  })
}

function missing(): never {
  throw NotFound()
}

/** A pause that holds for everyone is told to everyone; one of an identity to that identity, in whose chain it stands. */
function tellPause(tx: Tx, ctx: Ctx, asking: Asking, { row, isSet }: { row: PauseRow; isSet: boolean }): void {
  const at = ctx.now()
  const status = isSet ? 'paused' : 'active'
  const cause = { strength: 'pause', by: 'caller' in asking ? 'owner' : asking.role, reason: row.reason, since: row.since.toISOString(), scope: row.scope, target: row.target, pause_id: row.id }
  const userId = 'caller' in asking ? asking.caller.userId : null
  const wave = { agent_id: row.scope === 'agent' ? row.target : null, agents: row.scope === 'agent' ? 1 : 0, status, frequency: RUNNING, phase: phaseAt(at), cause }
  emit({ ...tx, identityId: row.identity_id as IdentityId | null, userId, now: () => at }, AtomAgentWave, wave)
  record(tx, sceneOf(ctx, asking), {
    action: isSet ? 'atom.pause' : 'atom.unpause', outcome: 'done', resource: { type: 'pause', id: row.id }, details: { scope: row.scope, target: row.target },
  })
}

const sceneOf = (ctx: Ctx, asking: Asking): AuditScene => ('caller' in asking
  ? { ...asking.caller, via: 'rest', requestId: ctx.requestId, now: () => ctx.now() }
  : instanceScene({ role: asking.role, requestId: ctx.requestId, now: () => ctx.now() }))
