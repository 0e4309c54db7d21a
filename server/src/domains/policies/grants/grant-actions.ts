import assert from 'node:assert/strict'
import { defineAction, type AnyAction } from '../../../platform/action.ts'
import type { EffectTx } from '../../../platform/ctx.ts'
import { emit } from '../../../platform/events/emit.ts'
import { newId } from '../../../platform/ids.ts'
import { Conflict, Forbidden, NotFound, ValidationError, type FieldError } from '../../../platform/problems.ts'
import { CreateGrant, Grant, GrantKey, type GrantInput } from '../contract.ts'
import type { Engine } from '../engine/engine.ts'
import { isGrantable } from '../engine/floor.ts'
import { NotGrantable } from '../errors.ts'
import { GrantCreated, GrantRevoked } from '../events.ts'
import { GRANT_DAYS_MAX, GRANTS_MAX } from '../limits.ts'
import { bumpPolicies, countLiveGrants, insertGrant, insertRule, lockPolicies, revokeGrant } from '../queries.ts'
import { grantPolicy } from './grant-policy.ts'
import { presentGrant } from './present.ts'

const WORDS = { en: ['grant'], fr: ['autorisation'] }
const DAY_MS = 24 * 3_600_000

/** Lets a tool be used without asking again, for the arguments that fit, until it ends. Only a person's own session asks for one. */
export const createGrant = ({ actions }: Engine) => defineAction({
  name: 'grants.create', effect: 'GRANT', keys: false, input: CreateGrant, output: Grant, words: WORDS, sensitivity: 'restricted',
  title: { en: 'Allow something in advance', fr: 'Autoriser quelque chose d’avance' },
  summary: (input) => {
    const [how, wie] = { once: ['once', 'une fois'], in_thread: ['in one thread', 'dans un fil'], always: ['every time', 'à chaque fois'] }[input.kind] ?? ['', '']
    const pattern = Object.entries(input.pattern).map(([name, value]) => `${name} = ${value}`).join(', ')
    return { en: `Allow ${input.tool} without asking, ${how}, where ${pattern}, until ${input.ends_at}`, fr: `Autoriser ${input.tool} sans demander, ${wie}, lorsque ${pattern}, jusqu’au ${input.ends_at}` }
  },
  touches: ({ thread_id }) => (thread_id === undefined ? [] : [{ type: 'thread', id: thread_id }]),
  about: ({ id }) => ({ type: 'grant', id }),
  check: (tx, input) => ensureGrantable(tx, actions, input),
  async run(tx, input) {
    assert(tx.checkpointId !== null, 'a grant is made only by an approval')
    await tx.send(lockPolicies(tx.identityId))
    const [{ count } = { count: '0' }] = await tx.send(countLiveGrants(tx.db, tx.identityId, tx.now()))
    if (Number(count) >= GRANTS_MAX) throw Conflict({ en: `At most ${GRANTS_MAX} grants can be live. Revoke one first.`, fr: `Au plus ${GRANTS_MAX} autorisations peuvent être en cours. Révoquez-en une d’abord.` })
    const id = newId()
    const threadId = input.thread_id ?? null
    await tx.send(insertRule(tx.db, {
      id, ruleId: id, identityId: tx.identityId, layer: 'grant', name: input.tool, text: grantPolicy({ tool: input.tool, pattern: input.pattern, threadId }), effect: 'permit', laws: ['L1', 'L2'],
      sentence: { en: `A standing grant for ${input.tool}.`, fr: `Une autorisation permanente pour ${input.tool}.` }, author: tx.userId, version: 1, status: 'active', at: tx.now(),
    }))
    const [row] = await tx.send(insertGrant(tx.db, {
      id, identityId: tx.identityId, userId: tx.userId, ruleId: id, tool: input.tool, pattern: input.pattern, kind: input.kind, threadId, endsAt: new Date(input.ends_at), checkpointId: tx.checkpointId, at: tx.now(),
    }))
    if (!row) throw new Error('An insert returns its row')
    await tx.send(bumpPolicies(tx.identityId))
    emit(tx, GrantCreated, { grant_id: id, tool: input.tool, kind: input.kind })
    return presentGrant(row, tx.now())
  },
})

/** Takes a grant back; whoever would use it from now on is held again. */
export const takeGrantBack = defineAction({
  name: 'grants.revoke', effect: 'UPDATE', keys: false, input: GrantKey, output: Grant, words: WORDS, sensitivity: 'restricted',
  title: { en: 'Revoke a standing grant', fr: 'Révoquer une autorisation permanente' },
  summary: ({ grant_id }, titleOf) => ({ en: `Revoke the grant for ${titleOf(grant_id)}`, fr: `Révoquer l’autorisation pour ${titleOf(grant_id)}` }),
  touches: ({ grant_id }) => [{ type: 'grant', id: grant_id }],
  about: ({ id }) => ({ type: 'grant', id }),
  async run(tx, { grant_id }) {
    const [row] = await tx.send(revokeGrant(tx.db, tx.identityId, grant_id, tx.now()))
    if (!row) throw Conflict({ en: 'This grant is revoked already.', fr: 'Cette autorisation est déjà révoquée.' })
    emit(tx, GrantRevoked, { grant_id: row.id, tool: row.tool })
    return presentGrant(row, tx.now())
  },
})

async function ensureGrantable(tx: EffectTx, actions: ReadonlyMap<string, AnyAction>, input: GrantInput): Promise<void> {
  if (tx.actor.kind !== 'person') throw Forbidden({ en: 'Only a person allows something in advance.', fr: 'Seule une personne autorise d’avance.' })
  const action = actions.get(input.tool)
  if (!action) throw NotFound({ en: `No tool is called ${input.tool}.`, fr: `Aucun outil ne s’appelle ${input.tool}.` })
  if (!isGrantable(action.effect)) throw NotGrantable({ effect: action.effect })
  const errors = faultsOf(input, action, tx.now())
  if (errors.length > 0) throw ValidationError({ errors })
}

function faultsOf({ pattern, kind, thread_id, ends_at }: GrantInput, { input }: AnyAction, now: Date): FieldError[] {
  const entries = Object.entries(pattern)
  const lasts = new Date(ends_at).getTime() - now.getTime()
  return [
    ...(entries.length === 0 || entries.length > 20 ? [{ path: 'pattern', message: 'names from 1 to 20 arguments' }] : []),
    ...entries.filter(([name]) => !Object.hasOwn(input.shape, name)).map(([name]) => ({ path: `pattern.${name}`, message: 'the tool has no such argument' })),
    ...entries.filter(([, value]) => value === '*').map(([name]) => ({ path: `pattern.${name}`, message: 'something must stand before the *' })),
    ...entries.filter(([, value]) => typeof value === 'string' && value.slice(0, -1).includes('*')).map(([name]) => ({ path: `pattern.${name}`, message: 'a * stands at the end only' })),
    ...((kind === 'in_thread') === (thread_id !== undefined) ? [] : [{ path: 'thread_id', message: 'belongs to in_thread, and to it alone' }]),
    ...(lasts > 0 && lasts <= GRANT_DAYS_MAX * DAY_MS ? [] : [{ path: 'ends_at', message: `a time to come, at most ${GRANT_DAYS_MAX} days ahead` }]),
  ]
}

export const grantActions = (engine: Engine) => ({ createGrant: createGrant(engine), takeGrantBack })
