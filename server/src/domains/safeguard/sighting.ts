import type { CommittedEvent } from '../../platform/events/event.ts'
import type { Kind } from './kinds.ts'

/** One thing that was seen: what it counts as, and whose doing it is as far as can be told. */
export type Sighting = { kind: Kind; source: string; identityId: string | null; userId: string | null; actor: { kind: string; id: string } | null; amount: number }

/** What the safeguard hears. */
export const WATCHED = ['identity.violation', 'governance.refused', 'governance.mass_read', 'checkpoint.flood', 'seal.refused', 'swarm.frequency_spoofed']

/** A denial by a rule is no sighting: the rule did what its owner wrote it for. */
const REFUSALS: Readonly<Record<string, Kind>> = {
  no_robot_approves: 'approval_bypass', four_eyes: 'approval_bypass', not_a_decider: 'approval_bypass',
  insufficient_scope: 'privilege_escalation', step_up_required: 'privilege_escalation',
}

const KIND_OF: Readonly<Record<string, Kind>> = {
  'identity.violation': 'boundary_violation', 'governance.mass_read': 'mass_extraction', 'checkpoint.flood': 'flooding',
  'seal.refused': 'seal_forgery', 'swarm.frequency_spoofed': 'frequency_spoofing',
}

/** What an event counts as; undefined when it is nothing to worry about. */
export function sightingOf({ name, data, identityId, userId }: CommittedEvent): Sighting | undefined {
  const kind = name === 'governance.refused' ? REFUSALS[String(data.code)] : KIND_OF[name]
  if (kind === undefined) return undefined
  const actor = typeof data.actor_kind === 'string' && typeof data.actor_id === 'string' ? { kind: data.actor_kind, id: data.actor_id } : null
  const amount = typeof data.count === 'number' && data.count > 0 ? Math.min(Math.floor(data.count), 1_000_000) : 1
  return { kind, identityId, userId, actor, amount, source: identityId ?? 'instance' }
}
