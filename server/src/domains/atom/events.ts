import { defineEvent } from '../../platform/events/emit.ts'

const channels = (): string[] => ['atom']

/** Live only: told at each beat to who listens, without a number and without a row. */
export const AtomHeartbeat = defineEvent<{ frequency: number; phase: number; epoch: string; period_ms: number }>({ name: 'atom:heartbeat', channels })

export const AtomResonance = defineEvent<{ frequency: number; phase: number; agent_id: string | null }>({ name: 'atom:resonance', channels })

/** Why a state is as it is: by whom, as a role, why, and since when. */
export type Cause = { strength: string; by: string; reason: string | null; since: string }

/** The state of one agent, or of the whole fleet (`agent_id` null, `agents` how many changed). */
export const AtomAgentWave = defineEvent<{ agent_id: string | null; agents: number; status: string; frequency: number; phase: number; cause?: Cause }>({ name: 'atom:agent_wave', channels })

type Cluster = { sphere_id: number; sphere: string; agents: number; active: number; frequency: number }

/** The clusters that changed: a cluster is the agents of one sphere. */
export const AtomClusterUpdate = defineEvent<{ clusters: Cluster[]; cause?: Cause }>({ name: 'atom:cluster_update', channels })

/** `version` counts the changes of the fence: a higher one is the later one, on whichever node it was made. */
type Fence = Cause & { frequency: number; version: number }

export const AtomKill = defineEvent<Fence>({ name: 'atom:kill', channels })
export const AtomRevive = defineEvent<Fence>({ name: 'atom:revive', channels })

/** Wrong seals, keys or codes since the last one told. Heard on no channel: it is for who watches over the whole. */
export const SealRefused = defineEvent<{ what: string; count: number }>({ name: 'seal.refused', channels: () => [] })
