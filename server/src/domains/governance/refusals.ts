import { canonical, sha256 } from '../../platform/canonical.ts'
import type { Caller, Platform, Via } from '../../platform/ctx.ts'
import type { Tx } from '../../platform/db/store.ts'
import { emit } from '../../platform/events/emit.ts'
import { Problem } from '../../platform/errors.ts'
import { newId } from '../../platform/ids.ts'
import { InsufficientScope } from '../../platform/problems.ts'
import { record } from '../audit/record.ts'
import { BudgetExceeded } from '../budgets/errors.ts'
import { ActorPaused, Flooding } from './floods/errors.ts'
import { pauseActor } from './floods/pause-actor.ts'
import { lockActor } from './floods/queries.ts'
import { readPause } from './floods/watch-floods.ts'
import { CrossSphere, IdentityBoundary, PolicyDenied } from './errors.ts'
import { CallRefused, IdentityViolation } from './events.ts'
import { noteDecision, type Decided } from '../policies/decisions/note-decision.ts'
import { openCheckpoint } from './queries.ts'

type Scene = { caller: Caller; via: Via; requestId: string; runId: string | null; action?: { name: string; effect: string } }

const recorded = new WeakSet<Problem>()

/** Refusals that say something of who asks: rights that they do not have, decisions that are not theirs. */
const TELLING = new Set(['no_robot_approves', 'four_eyes', 'not_a_decider', 'insufficient_scope', 'step_up_required'])

/**
 * Puts a refusal into the record before it is answered: a boundary violation as audit event and as a checkpoint that
 * nobody can approve, a policy's refusal as audit event. The effect's transaction is gone by then, so this has its own.
 */
export async function recordRefusal(platform: Platform, scene: Scene, error: unknown): Promise<void> {
  if (!(error instanceof Problem) || recorded.has(error)) return
  if (error.code === IdentityBoundary.kind.code) await recordViolation(platform, scene, error.facts as { resource: { type: string; id: string } })
  else if (error.code === PolicyDenied.kind.code || error.code === CrossSphere.kind.code) await recordDenial(platform, scene, error.facts as Denial)
  else if (error.code === BudgetExceeded.kind.code) await recordDenial(platform, scene, { policies: [error.code] }, { action: 'budget.exceeded', code: null })
  else if (error.code === InsufficientScope.kind.code) await recordDenial(platform, scene, { policies: [error.code] }, { action: 'scope.insufficient', code: error.code })
  else if (error.code === Flooding.kind.code || error.code === ActorPaused.kind.code) await recordPaused(platform, scene, error)
  else if (TELLING.has(error.code)) await tellRefusal(platform, scene, error.code)
  else return
  recorded.add(error)
}

const entrySceneOf = (platform: Platform, { caller, via, requestId }: Scene) => ({ ...caller, via, requestId, now: () => platform.clock.now() })

async function recordViolation(platform: Platform, scene: Scene, { resource }: { resource: { type: string; id: string } }): Promise<void> {
  const { caller } = scene
  const now = platform.clock.now()
  const id = newId()
  const action = canonical({ checkpoint: id, tool: scene.action?.name ?? null, resource })
  await platform.store.within(caller, async (tx) => {
    const told = entrySceneOf(platform, scene)
    tx.atClose(() => openCheckpoint(tx.db, {
      id, identityId: caller.identityId, userId: caller.userId, runId: null, via: scene.via, type: 'identity_boundary', effect: scene.action?.effect ?? 'READ',
      tool: scene.action?.name ?? null, args: null, action, actionHash: sha256(action), status: 'rejected', createdAt: now, expiresAt: now, note: null,
      summary: { en: `Refused: a ${resource.type} of another identity`, fr: `Refusé : « ${resource.type} » d’une autre identité` },
    }))
    record(tx, told, { action: 'identity.violation', outcome: 'denied', effect: scene.action?.effect, resource, checkpointId: id, runId: scene.runId })
    emit(Object.assign(tx, told), IdentityViolation, { resource_type: resource.type })
  })
}

/** A paused actor's call; the one that flooded pauses it, once. */
async function recordPaused(platform: Platform, scene: Scene, error: Problem): Promise<void> {
  await platform.store.within(scene.caller, async (tx) => {
    const told = { ...tx, ...entrySceneOf(platform, scene) }
    const now = platform.clock.now()
    // One after the other: of many calls that flood at once, one pauses.
    await tx.send(lockActor({ identityId: scene.caller.identityId, ...scene.caller.actor }))
    if (error.code === Flooding.kind.code && !await readPause(tx, scene.caller, now)) {
      pauseActor(told, { actor: scene.caller.actor, reason: 'flood', endsAt: new Date(now.getTime() + platform.settings.FLOOD_SECONDS * 1_000) })
    }
    record(tx, told, { action: 'actor.refused', outcome: 'denied', effect: scene.action?.effect, runId: scene.runId, details: { code: error.code, tool: scene.action?.name ?? null } })
  })
}

type Denial = { policies: string[]; decided?: Decided }

async function recordDenial(platform: Platform, scene: Scene, { policies, decided }: Denial, { action, code }: { action: string; code: string | null } = { action: 'policy.denied', code: PolicyDenied.kind.code }): Promise<void> {
  await platform.store.within(scene.caller, async (tx) => {
    if (decided) noteDecision(tx, { identityId: scene.caller.identityId, at: platform.clock.now(), checkpointId: null }, decided)
    record(tx, entrySceneOf(platform, scene), {
      action, outcome: 'denied', effect: scene.action?.effect, decision: { verdict: 'deny', policies }, runId: scene.runId,
      details: { tool: scene.action?.name ?? null },
    })
    if (code !== null) tell(platform, tx, scene, code)
  })
}

async function tellRefusal(platform: Platform, scene: Scene, code: string): Promise<void> {
  await platform.store.within(scene.caller, async (tx) => {
    record(tx, entrySceneOf(platform, scene), { action: 'call.refused', outcome: 'denied', effect: scene.action?.effect, runId: scene.runId, details: { code, tool: scene.action?.name ?? null } })
    tell(platform, tx, scene, code)
  })
}

const tell = (platform: Platform, tx: Tx, scene: Scene, code: string): void => {
  const { actor } = scene.caller
  emit(Object.assign(tx, entrySceneOf(platform, scene)), CallRefused, { code, tool: scene.action?.name ?? null, actor_kind: actor.kind, actor_id: actor.id })
}
