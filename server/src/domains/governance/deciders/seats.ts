import type { CallerCtx } from '../../../platform/ctx.ts'
import type { Tx } from '../../../platform/db/store.ts'
import type { IdentityId, UserId } from '../../../platform/ids.ts'
import { OWN_APPROVAL, ROLES, type Requirement, type Role } from '../../policies/requirement.ts'
import type { Gate } from '../gate.ts'
import type { CheckpointRow } from '../queries.ts'
import { Unmeetable } from './errors.ts'

/** Who must say yes to one held call. */
export type Seats = {
  requirement: Requirement
  /** Seats of their own are kept; false: the one seat is the person's whose identity it is. */
  seated: boolean
  /** Those who may decide, the requester left out where the rule says so. */
  userIds: UserId[]
  /** Fewer than the quorum may decide, so that it can only expire or be taken back. */
  cannotBeMet: boolean
}

type Asked = { identityId: IdentityId; requester: UserId; requirement: Requirement }

const isOwn = ({ quorum, role, excludeRequester }: Requirement): boolean => quorum === OWN_APPROVAL.quorum && role === null && !excludeRequester

/** Seats the people of a requirement. The usual one, a yes of the person whose identity it is, asks nobody and costs nothing. */
export async function seat(gate: Gate, tx: Tx, { identityId, requester, requirement }: Asked): Promise<Seats> {
  if (isOwn(requirement) && requirement.highRisk !== true) return { requirement, seated: false, userIds: [requester], cannotBeMet: false }
  const found = [...new Set(await gate.deciders(tx, { identityId, role: requirement.role }))]
  const others = found.filter((userId) => userId !== requester)
  // What a tenant marks as high-risk wants other eyes; where there are none, a single person's instance, its person decides.
  const excludeRequester = requirement.excludeRequester || (requirement.highRisk === true && others.length > 0)
  const userIds = excludeRequester ? others : found
  return { requirement: { ...requirement, excludeRequester }, seated: true, userIds, cannotBeMet: userIds.length < requirement.quorum }
}

/** Who had to say yes to a checkpoint: what is put in its place asks for no less. */
export const requirementOf = ({ quorum, decider_role: role, exclude_requester: excludeRequester }: CheckpointRow): Requirement => ({ quorum, role: role as Role | null, excludeRequester, minutes: null })

/** What satisfies both: more people, the role that may do more, the shorter time. */
export const stricter = (one: Requirement, other: Requirement): Requirement => ({
  quorum: Math.max(one.quorum, other.quorum), role: ROLES.find((role) => role === one.role || role === other.role) ?? null,
  excludeRequester: one.excludeRequester || other.excludeRequester, highRisk: one.highRisk === true || other.highRisk === true,
  minutes: one.minutes === null || other.minutes === null ? one.minutes ?? other.minutes : Math.min(one.minutes, other.minutes),
})

/**
 * Throws Unmeetable when nobody at all may decide what a rule holds: it is refused when it is written. One that wants more
 * people than there are today may be written before they come; until then what it holds says that it cannot be met.
 */
export async function ensureSomebody(gate: Gate, tx: Tx, asked: Asked): Promise<void> {
  const { userIds, requirement } = await seat(gate, tx, asked)
  if (userIds.length === 0) throw Unmeetable({ needed: requirement.quorum, found: 0 })
}

/** The role above one; null at the top, and for the person themself. */
export const roleAbove = (role: string | null): Role | null => ROLES[ROLES.indexOf(role as Role) - 1] ?? null

/** Minutes until a checkpoint expires: the rule's, else its type's, else everybody's. */
export const minutesOf = ({ CHECKPOINT_MINUTES, CHECKPOINT_MINUTES_BY_TYPE }: CallerCtx['platform']['settings'], type: string, { minutes }: Requirement): number =>
  minutes ?? CHECKPOINT_MINUTES_BY_TYPE[type] ?? CHECKPOINT_MINUTES
