import { OWN_APPROVAL, ROLES, type Requirement, type Role } from '../requirement.ts'

/** Annotations that a rule may carry; another one is a mistake, such as a misspelt `approvers`. */
export const ANNOTATIONS = ['hold', 'approvers', 'approver_role', 'exclude_requester', 'high_risk', 'expires_minutes'] as const
export type Annotations = Partial<Record<string, string>>

const APPROVERS_MAX = 20
const MINUTES_MAX = 10_080
/** An auditor reads and decides nothing. */
const DECIDING: readonly Role[] = ROLES.filter((role) => role !== 'auditor')

/** What a rule asks for before it lets a call pass; null: it refuses for good. */
export function requirementOf(annotations: Annotations): Requirement | null {
  if (annotations.hold === undefined) return null
  return {
    quorum: numberOf(annotations.approvers) ?? OWN_APPROVAL.quorum,
    role: DECIDING.find((role) => role === annotations.approver_role) ?? null,
    excludeRequester: annotations.exclude_requester === 'true',
    minutes: numberOf(annotations.expires_minutes) ?? null,
    ...(annotations.high_risk === 'true' ? { highRisk: true } : {}),
  }
}

const numberOf = (text: string | undefined): number | undefined => (text !== undefined && /^[1-9]\d{0,5}$/.test(text) ? Number(text) : undefined)

/** Why annotations cannot stand: the name of the wrong one, and what it must be. */
export function findWrongAnnotation(annotations: Annotations, effect: 'permit' | 'forbid'): { name: string; message: string } | undefined {
  const wrong = (name: string, isRight: boolean, message: string) => (annotations[name] !== undefined && !isRight ? { name, message } : undefined)
  const unknown = Object.keys(annotations).find((name) => !(ANNOTATIONS as readonly string[]).includes(name))
  if (unknown !== undefined) return { name: unknown, message: `unknown annotation; those that exist are ${ANNOTATIONS.join(', ')}` }
  const alone = Object.keys(annotations).find((name) => name !== 'hold')
  if (annotations.hold === undefined && alone !== undefined) return { name: alone, message: 'says who approves, so it needs @hold beside it' }
  const approvers = numberOf(annotations.approvers)
  const minutes = numberOf(annotations.expires_minutes)
  return wrong('hold', effect === 'forbid', 'only a forbid holds') ?? wrong('hold', /^\S.{0,39}$/.test(annotations.hold ?? ''), 'names in 1 to 40 characters what waits')
    ?? wrong('approvers', approvers !== undefined && approvers <= APPROVERS_MAX, `a number of people from 1 to ${APPROVERS_MAX}: nobody could ever approve`)
    ?? wrong('approver_role', DECIDING.some((role) => role === annotations.approver_role), `one of ${DECIDING.join(', ')}: nobody could ever approve`)
    ?? wrong('exclude_requester', /^(true|false)$/.test(annotations.exclude_requester ?? ''), 'true or false')
    ?? wrong('high_risk', /^(true|false)$/.test(annotations.high_risk ?? ''), 'true or false')
    ?? wrong('expires_minutes', minutes !== undefined && minutes <= MINUTES_MAX, `minutes from 1 to ${MINUTES_MAX}`)
}
