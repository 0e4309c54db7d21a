import type { AnyAction } from '../../../platform/action.ts'
import type { Actor, Via } from '../../../platform/ctx.ts'
import type { Approval } from '../requirement.ts'

/** Something that a run has read and that others wrote: the tool that brought it, and the row. */
export type Untrusted = { tool: string; ref: string | null }

/** What the policy looks at. */
export type Question = {
  actor: Actor
  identityId: string
  via: Via
  action: Pick<AnyAction, 'name' | 'effect' | 'reversible' | 'sensitivity'>
  /** What the action says of its arguments. */
  facts: Facts
  args: Record<string, unknown>
  /** The rows that the call names. */
  resources: Array<{ type: string; id: string; sphereId: number | null; ownerId: string }>
  leavesSphere: boolean
  threadId: string | null
  /** What is left of the budget, in credits; null: the call costs none. */
  budgetLeft: number | null
  untrusted: Untrusted[]
  /** The approval that is being spent; null: none was given yet. */
  approval: Approval | null
  /** The standing grant that covers the call; null: none. */
  grant: string | null
  at: Date
  timeZone: string
}

/** What an action says of a call: how much, in which currency, to how many. */
export type Facts = { amountMinor?: number | undefined; currency?: string | undefined; recipients?: number | undefined }
