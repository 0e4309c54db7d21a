import type { Approval, Role } from '../../policies/requirement.ts'
import type { CheckpointRow } from '../queries.ts'

/** What was given to a checkpoint by those who approved it: its votes, or, without seats, the yes that decided it. */
export function approvalOf({ seated, approved_by: votes, decided_by: decider, decider_role: role, user_id: requester }: CheckpointRow): Approval {
  const people = seated || votes.length > 0 ? votes : decider === null ? [] : [decider]
  return { given: people.length, roles: role === null ? [] : [role as Role], requesterExcluded: !people.includes(requester) }
}
