/** Roles of an organisation, those who may do most first. */
export const ROLES = ['owner', 'admin', 'member', 'auditor'] as const
export type Role = (typeof ROLES)[number]

/** Who must say yes before a held call is done; a policy's annotations name it. */
export type Requirement = {
  /** Distinct people who must approve; an agent never counts. */
  quorum: number
  /** Role that a decider must have in the organisation of the identity; null: the person whose identity it is. */
  role: Role | null
  /** The person for whom it was asked does not count. */
  excludeRequester: boolean
  /** Minutes until it expires; null: the setting CHECKPOINT_MINUTES. */
  minutes: number | null
  /** The rule is marked high-risk: the requester does not count where somebody else may decide. */
  highRisk?: boolean
}

/** One yes of the person whose identity it is. */
export const OWN_APPROVAL: Requirement = { quorum: 1, role: null, excludeRequester: false, minutes: null }

/** What satisfies every one of several requirements: most people, the role that may do most, the shortest time. */
export function strictest(requirements: Requirement[]): Requirement {
  return requirements.reduce((all, one) => ({
    quorum: Math.max(all.quorum, one.quorum),
    role: ROLES.find((role) => role === all.role || role === one.role) ?? null,
    excludeRequester: all.excludeRequester || one.excludeRequester,
    ...(all.highRisk || one.highRisk ? { highRisk: true } : {}),
    minutes: all.minutes === null || one.minutes === null ? all.minutes ?? one.minutes : Math.min(all.minutes, one.minutes),
  }), OWN_APPROVAL)
}

/** The approvals of a checkpoint that is about to be spent. */
export type Approval = {
  /** Distinct people who said yes. */
  given: number
  /** Their roles in the organisation of the identity. */
  roles: Role[]
  /** None of them is the person for whom it was asked. */
  requesterExcluded: boolean
}

/** Whether what was given is what is asked now. */
export const isMet = ({ quorum, role, excludeRequester }: Requirement, { given, roles, requesterExcluded }: Approval): boolean =>
  given >= quorum && (role === null || roles.some((one) => ROLES.indexOf(one) <= ROLES.indexOf(role))) && (!excludeRequester || requesterExcluded)
