import type { EntityJson, StatefulAuthorizationCall } from '@cedar-policy/cedar-wasm/nodejs'
import { DateTime } from 'luxon'
import { argumentsOf } from './arguments-of.ts'
import type { Question } from './question.ts'
import { PRINCIPALS } from './schema.ts'

/** A request as it is sent to Cedar and kept on record; the set that answers it is named beside. */
export type CedarRequest = Pick<StatefulAuthorizationCall, 'principal' | 'action' | 'resource' | 'context' | 'entities'>

/**
 * One request for each row that the call names, one when it names none. Ids, names and arguments travel as JSON values and
 * never become policy text. Only what a decision can look at is sent: who asks, the row, and the arguments.
 */
export function requestsOf(question: Question): CedarRequest[] {
  const { actor, identityId, action, resources } = question
  const principal = { type: PRINCIPALS[actor.kind], id: actor.id }
  const identityOf = (id: string) => ({ __entity: { type: 'Identity', id } })
  const given = argumentsOf(question.args)
  const context = contextOf(question, given.complete)
  const rows = resources.length > 0 ? resources : [{ type: action.name.split('.')[0] ?? '', id: 'new', sphereId: null, ownerId: identityId }]
  return rows.map(({ type, id, sphereId, ownerId }) => {
    const resource = { type: 'Record', id: `${type}/${id}` }
    const entities: EntityJson[] = [
      { uid: principal, attrs: { identity: identityOf(identityId) }, parents: [] },
      { uid: resource, attrs: { type, owner: identityOf(ownerId), sensitivity: action.sensitivity ?? 'normal', ...(sphereId === null ? {} : { sphere: sphereId }) }, parents: [] },
      { uid: ARGUMENTS, attrs: {}, parents: [], tags: given.tags },
    ]
    return { principal, action: { type: 'Action', id: action.name }, resource, context, entities }
  })
}

const ARGUMENTS = { type: 'Arguments', id: 'given' }

function contextOf(question: Question, complete: boolean): CedarRequest['context'] {
  const { facts, approval, budgetLeft, threadId, grant } = question
  const local = DateTime.fromJSDate(question.at, { zone: question.timeZone })
  return {
    via: question.via, args: { __entity: ARGUMENTS }, args_complete: complete, reversible: question.action.reversible !== false, cross_sphere: question.leavesSphere,
    hour: local.hour, weekday: local.weekday, untrusted: [...new Set(question.untrusted.map(({ tool }) => tool))],
    ...(facts.amountMinor === undefined ? {} : { amount: facts.amountMinor }),
    ...(facts.currency === undefined ? {} : { currency: facts.currency }),
    ...(facts.recipients === undefined ? {} : { recipients: facts.recipients }),
    ...(budgetLeft === null ? {} : { budget_left: Math.trunc(budgetLeft) }),
    ...(threadId === null ? {} : { thread: threadId }),
    ...(grant === null ? {} : { grant }),
    ...(approval === null ? {} : { approval: { given: approval.given, roles: approval.roles, requester_excluded: approval.requesterExcluded } }),
  }
}
