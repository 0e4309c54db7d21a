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
