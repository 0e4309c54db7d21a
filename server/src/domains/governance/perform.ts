import type { TitleOf } from '../../platform/action.ts'
import { parseInput } from '../../platform/http/input.ts'
import { Forbidden, NotFound, ServiceUnavailable, Unauthenticated } from '../../platform/problems.ts'
import type { EffectTx } from '../../platform/ctx.ts'
import type { Tx } from '../../platform/db/store.ts'
import { newId } from '../../platform/ids.ts'
import { record } from '../audit/record.ts'
import { askAllowance, type Allowance } from './allowance/allowance.ts'
import { chargeAtClose } from '../budgets/charge.ts'
import { asBudgetExceeded } from '../budgets/over-budget.ts'
import { hashAction } from './action-hash.ts'
import { checkpointTypeOf, type Decision } from '../policies/decision.ts'
import type { PolicyVersions } from '../policies/queries.ts'
import { versionsFor } from '../policies/versions-for.ts'
import { authorize, type Authorized } from './policy/authorize.ts'
import { Dormant, IdempotencyMismatch, IdentityBoundary, WaitsAlready } from './errors.ts'
import { announceHeld, askedOf } from './deciders/open-seats.ts'
import type { Call, Gate, Performed } from './gate.ts'
import { lockAndFind } from './lock-and-find.ts'
import { minutesOf } from './deciders/seats.ts'
import { liftHold, readElevation } from './elevations/lift-hold.ts'
import { ensureNoFlood, ensureUnpaused, readHeld, readPause } from './floods/watch-floods.ts'
import type { PauseInForce } from './floods/queries.ts'
import { listAll } from './deciders/tell.ts'
import { visibleIn } from './showing/marks.ts'
import { sceneIn, sceneOf, show, showTo } from './showing/show.ts'
import { tellExpired } from './checkpoints/tell-expired.ts'
import { ensureNotStopped, type Work } from './fence/ensure-not-stopped.ts'
import { expireSame, findAnswer, findOpenCheckpoint, insertAnswer, openCheckpoint, readGuard, shareFence, type Guard, type Owned, type StoredAnswer } from './queries.ts'
import { createReadMeter } from './read-meter.ts'
import { recordRefusal } from './refusals.ts'
import { permissionOf, whatChanged } from './what-changed.ts'

/**
 * The gate: the one caller of `action.run` (ARCHITECTURE.md). Round trips of a governed CREATE, BEGIN to COMMIT: three.
 * 1. BEGIN, scope, fence (shared), guard, [owners], [stored answer] go out together. 2. The effect's own statement.
 * 3. Audit, event, run and stored answer go out together with COMMIT. A held call has the same three.
 */
export async function perform(gate: Gate, call: Call): Promise<Performed> {
  const args = parseArgs(call)
  try {
    return await attempt(gate, call, args)
  } catch (thrown) {
    const error = asBudgetExceeded(thrown, gate.platform.clock.now())
    await recordRefusal(gate.platform, call, error)
    throw error
  }
}

/** A second request with the same key may commit first: the loser's effect is rolled back and it replays the answer. */
async function attempt(gate: Gate, call: Call, args: Record<string, unknown>): Promise<Performed> {
  const { identityId, userId, spheres } = call.caller
  const once = (): Promise<Performed> => gate.platform.store.within({ identityId, userId, spheres }, (tx) => pass(gate, call, args, tx))
  try {
    return await once()
  } catch (error) {
    if ((error as { constraint?: string }).constraint === 'idempotency_keys_pkey') return once()
    throw error
  }
}

/** Step 1: the action's own schema. */
export function parseArgs({ action, given }: Pick<Call, 'action' | 'given'>): Record<string, unknown> {
  return parseInput(action.input, given)
}

async function pass(gate: Gate, call: Call, given: Record<string, unknown>, tx: Tx): Promise<Performed> {
  const effectTx = toEffectTx(gate, call, tx, null)
  const { guard, pause, elevation, owners, stored, args, versions, allowance } = await open(gate, call, given, effectTx)
  if (stored) return replay(call, stored)
  ensureLive(guard)
  const target = call.action.sphereOf?.(args as never) ?? null
  ensureUnpaused(pause, effectTx.now())
  ensureNotStopped(guard, workOf(call, [target, ...owners.map(({ sphere_id }) => sphere_id)]))
  const resources = checkBoundary(call, args, owners)
  allowance?.ensure(call, args, owners)
  const asked = { ...call, budgetLeft: allowance?.budgetLeft ?? null, ...(call.instead || call.action.alwaysAsks ? { ask: true } : {}) }
  const { decision: ruled, note } = await authorize(gate, asked, { tx: effectTx, args, owners, versions })
  const decision = liftHold(ruled, call, elevation)
  await call.action.check?.(effectTx, args as never)
  call.onLane?.('D')
  const bound = hashAction({ tool: call.action.name, toolVersion: call.action.version, args, actor: call.caller.actor, identityId: call.caller.identityId, sphereId: call.sphereId, resources })
  if (decision.verdict === 'hold') return hold(gate, call, { args, decision, note, bound, tx: effectTx, titleOf: titlesOf(call, args, owners) })
  return run(call, { args, decision, note, bound, tx: effectTx, allowance, owners })
}

type Opened = {
  guard: Guard | undefined; pause: PauseInForce | undefined; elevation: string | undefined; owners: Owned[]; stored: StoredAnswer | undefined
  args: Record<string, unknown>; versions: PolicyVersions | undefined; allowance: Allowance | undefined
}

/** Steps 2 and 3 need these facts; they leave with BEGIN in one round trip. What calls things by name takes two more. */
export async function open(gate: Gate, call: Call, given: Record<string, unknown>, tx: EffectTx): Promise<Opened> {
  const { action, caller, idempotency, instead, ...work } = call
  const facts = Promise.all([
    tx.send(shareFence(caller.identityId)),
    tx.send(readGuard(caller, gate.platform.clock.now())),
    idempotency ? tx.send(findAnswer(tx.db, caller.identityId, idempotency.route, idempotency.key)) : [],
    askAllowance(tx, { caller, runId: work.runId }),
    versionsFor(tx, caller.identityId),
    instead ? undefined : readPause(tx, caller, gate.platform.clock.now()),
    readElevation(tx, call, gate.platform.clock.now()),
  ])
  const ownersOf = (args: Record<string, unknown>): Promise<Owned[]> | Owned[] => {
    const touches = action.touches?.(args as never) ?? []
    return touches.length > 0 ? lockAndFind(tx, touches) : []
  }
  if (!action.resolve) {
    const [[, guards, answers, allowance, versions, pause, elevation], owners] = await Promise.all([facts, ownersOf(given)])
    return { guard: guards[0], pause, elevation, owners, stored: answers[0] as StoredAnswer | undefined, args: given, versions, allowance }
  }
  const [, [guard], answers, allowance, versions, pause, elevation] = await facts
  const stored = answers[0] as StoredAnswer | undefined
  if (stored) return { guard, pause, elevation, owners: [], stored, args: given, versions, allowance }
  ensureLive(guard)
  ensureNotStopped(guard, workOf({ caller, ...work }, []))
  ensureUnpaused(pause, tx.now())
  const args: Record<string, unknown> = await action.resolve(tx, given as never)
  return { guard, pause, elevation, owners: await ownersOf(args), stored, args, versions, allowance }
}

function replay({ idempotency }: Call, stored: StoredAnswer): Performed {
  if (stored.request_hash !== idempotency?.requestHash) throw IdempotencyMismatch()
  const answer = stored.status === null ? null : { status: stored.status, headers: stored.headers ?? {}, body: stored.body }
  return { kind: 'replayed', answer, runId: stored.run_id }
}

/** Step 2. Fails closed: a fence that cannot be read is dormant. */
export function ensureLive(guard: Guard | undefined): asserts guard is Guard {
  if (!guard?.session_live) throw Unauthenticated()
  if (!guard.identity_live) throw Forbidden({ en: 'That identity is no longer active.', fr: 'Cette identité n’est plus active.' })
  if (guard.state !== 'operational') throw Dormant()
}

export const workOf = ({ caller, begun = false, sphereId }: Pick<Call, 'caller' | 'begun' | 'sphereId'>, spheres: Array<number | null>): Work => ({ actor: caller.actor, begun, spheres: [sphereId, ...spheres] })

/** Step 3: every row that the input names exists and is the caller's own; its version is what an approval is bound to. */
export function checkBoundary({ action, caller }: Pick<Call, 'action' | 'caller'>, args: Record<string, unknown>, owners: Owned[]): Array<{ type: string; id: string; version: number }> {
  const touches = action.touches?.(args as never) ?? []
  return touches.map((resource, index) => {
    const owner = owners.find((o) => o.position === index + 1)
    if (!owner) throw NotFound()
    if (owner.identity_id !== caller.identityId) throw IdentityBoundary({ resource })
    return { ...resource, version: owner.version }
  })
}

function titlesOf({ action }: Call, args: Record<string, unknown>, owners: Owned[]): TitleOf {
  const touches = action.touches?.(args as never) ?? []
  return (id) => owners.find((o) => touches[o.position - 1]?.id === id)?.title ?? id
}

export const toEffectTx = (gate: Gate, call: Pick<Call, 'caller' | 'via' | 'sphereId' | 'requestId'>, tx: Tx, checkpointId: string | null): EffectTx => ({
  ...tx, identityId: call.caller.identityId, userId: call.caller.userId, actor: call.caller.actor, via: call.via, sphereId: call.sphereId,
  requestId: call.requestId, checkpointId, settings: gate.platform.settings, now: () => gate.platform.clock.now(),
})

const meter = createReadMeter()

type Step = { allowance?: Allowance | undefined; args: Record<string, unknown>; decision: Exclude<Decision, { verdict: 'deny' }>; note: Authorized['note']; bound: { text: string; hash: string }; tx: EffectTx }

/** Step 7: the effect, its event, its audit link and its stored answer are one commit. */
async function run(call: Call, { args, decision, note, bound, tx, allowance, owners }: Step & { owners: Owned[] }): Promise<Performed> {
  const { action } = call
  if (allowance) chargeAtClose(tx, { keyId: allowance.keyId, credits: action.credits ?? 1 })
  const output: unknown = action.output.parse(await action.run(tx, args as never))
  if (action.effect === 'READ') meter.count(tx, tx.settings.READS_PER_MINUTE)
  call.onLane?.('F')
  note(null)
  const auditEventId = record(tx, tx, {
    action: action.name, outcome: 'done', effect: action.effect, decision, actionHash: bound.hash, runId: call.runId,
    permission: permissionOf(decision.policies, null), ...whatChanged({ effect: action.effect, touches: action.touches?.(args as never) ?? [], owners, output }),
    resource: action.about?.(output as never) ?? action.touches?.(args as never)[0],
  })
  return finish(call, tx, { kind: 'done', args, output, policies: decision.policies, auditEventId })
}

/** Step 6: the checkpoint with the action's hash, in a commit of its own; the same request again finds the same one. */
async function hold(gate: Gate, call: Call, { args, decision, note, bound, tx, titleOf }: Step & { titleOf: TitleOf }): Promise<Performed> {
  const { action, caller } = call
  const now = tx.now()
  const type = decision.verdict === 'hold' ? decision.type : checkpointTypeOf(action.effect)
  const asked = await askedOf(gate, tx, call, decision)
  const wanted = openCheckpoint(tx.db, {
    id: newId(), identityId: caller.identityId, userId: caller.userId, runId: call.runId, via: call.via, type,
    effect: action.effect, tool: action.name, args, action: bound.text, actionHash: bound.hash, summary: visibleIn(action.summary(args as never, titleOf)), status: 'pending',
    createdAt: now, expiresAt: new Date(now.getTime() + minutesOf(gate.platform.settings, type, asked.requirement) * 60_000), note: null, parentId: call.instead?.parentId ?? null, asked: asked.columns,
  })
  const [scenes, expired, , held, opened, hearers] = await Promise.all([
    tx.send(sceneOf(call, args).compile(tx.db)), tx.send(expireSame(tx.db, caller.identityId, bound.hash, now)), call.instead?.take(tx), readHeld(tx), tx.send(wanted),
    listAll(tx, { identity_id: caller.identityId, user_id: caller.userId }, asked.userIds),
  ])
  for (const row of expired) await tellExpired(gate, tx, row)
  const waiting = opened[0] ? undefined : (await tx.send(findOpenCheckpoint(tx.db, caller.identityId, bound.hash)))[0]
  // The one that waited may be decided between the two statements: then nothing waits any more, and this one opens.
  const own = opened[0] ?? (waiting ? undefined : (await tx.send(wanted))[0])
  const found = own ?? waiting
  if (!found) throw ServiceUnavailable({ retryAfterSeconds: 1 })
  if (!own && call.instead) throw WaitsAlready({ id: found.id })
  const checkpoint = own ? showTo(tx, found, show({ call, args, policies: decision.policies, titleOf, scene: sceneIn(scenes) })) : found
  call.onLane?.('E')
  note(checkpoint.id)
  if (!own) return finish(call, tx, { kind: 'held', args, policies: decision.policies, checkpoint, auditEventId: null })
  // What a person puts in the place of another is no agent's flood.
  if (!call.instead) ensureNoFlood(held, tx.settings)
  announceHeld(tx, checkpoint, asked, hearers)
  const auditEventId = record(tx, tx, {
    action: 'checkpoint.created', outcome: 'held', effect: action.effect, decision, actionHash: bound.hash, runId: call.runId,
    checkpointId: checkpoint.id, resource: { type: 'checkpoint', id: checkpoint.id }, details: { shown_hash: checkpoint.shown_hash },
  })
  call.instead?.opened(tx, checkpoint)
  return finish(call, tx, { kind: 'held', args, policies: decision.policies, checkpoint, auditEventId })
}

function finish(call: Call, tx: EffectTx, outcome: Performed): Performed {
  call.close?.(tx, outcome)
  const { idempotency, answer } = call
  if (idempotency && answer) {
    const kept = answer(outcome)
    tx.atClose(() => insertAnswer(tx.db, { identityId: call.caller.identityId, ...idempotency, runId: call.runId, ...kept, at: tx.now() }))
  }
  return outcome
}
