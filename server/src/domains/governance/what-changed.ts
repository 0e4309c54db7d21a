import type { Effect, Ref } from '../../platform/action.ts'
import type { Owned } from './queries.ts'

type Change = { effect: Effect; touches: Ref[]; owners: Owned[]; output: unknown }

/** What the rows said before an effect and what it says after, for the record's commitments. A READ changes nothing. */
export function whatChanged({ effect, touches, owners, output }: Change): { before?: unknown; after?: unknown } {
  if (effect === 'READ') return {}
  const before = owners.flatMap(({ position, state }) => (state === null || state === undefined ? [] : [{ ...touches[position - 1], state }]))
  return { ...(before.length > 0 ? { before } : {}), after: output }
}

/** By what right an effect is done: an approval, being one's own human, or the first policy that let it pass. */
export function permissionOf(policies: string[], checkpointId: string | null): string {
  if (checkpointId) return `approval:${checkpointId}`
  return policies.includes('person_is_the_human') ? 'own' : `policy:${policies[0] ?? 'none'}`
}
