import type { Platform } from '../../../platform/ctx.ts'
import type { CommittedEvent } from '../../../platform/events/event.ts'
import type { Relay } from '../../../platform/events/relay.ts'
import { readFleet, type Fleet, type Member } from '../fleet.ts'
import { changedMembers } from './delta.ts'

/** What a node's streams know of the fleet: read once, then again after each event that changes it. */
export type FleetWatch = {
  /** The fleet as last read; reads it when nobody has yet. */
  current(): Promise<Fleet>
  known(): Fleet | undefined
  onChange(told: (indexes: number[], fleet: Fleet) => void): void
  /** Events of the instance on the channel of AT·OM, as they are committed. */
  onEvent(told: (event: CommittedEvent) => void): void
  start(): void
  stop(): void
}

const MOVES_THE_FLEET = new Set(['atom:kill', 'atom:revive', 'atom:cluster_update', 'atom:agent_wave'])

export function createFleetWatch({ platform, relay }: { platform: Platform; relay: Relay }): FleetWatch {
  const changes: Array<(indexes: number[], fleet: Fleet) => void> = []
  const events: Array<(event: CommittedEvent) => void> = []
  /** Waves that people gave agents since this node looked first; at most one an agent. */
  const waves = new Map<string, number>()
  let fleet: Fleet | undefined
  let reading: Promise<Fleet> | undefined
  let again = false
  let end = (): void => {}

  /** Reads once at a time; what changes while it reads is read after it. */
  function read(): Promise<Fleet> {
    if (reading) {
      again = true
      return reading
    }
    reading = (async () => {
      try {
        do {
          again = false
          learn(await readFleet(platform))
        } while (again)
        return fleet as Fleet
      } finally {
        reading = undefined
      }
    })()
    return reading
  }

  function learn(read: Fleet): void {
    const fresh: Fleet = { ...read, members: read.members.map((member): Member => ({ ...member, frequency: waves.get(member.id) ?? member.frequency })) }
    const indexes = changedMembers(fleet?.members ?? fresh.members, fresh.members)
    const moved = fleet !== undefined && fleet.frequency !== fresh.frequency
    fleet = fresh
    if (indexes.length > 0 || moved) for (const told of changes) told(indexes, fresh)
  }

  function hear(event: CommittedEvent): void {
    if (event.identityId !== null || !event.name.startsWith('atom:')) return
    for (const told of events) told(event)
    const { agent_id: agent, frequency, cause } = event.data
    // With a cause it tells of a state, not of a wave that somebody gave.
    if (event.name === 'atom:agent_wave' && cause === undefined && typeof agent === 'string' && fleet?.members.some(({ id }) => id === agent)) waves.set(agent, Number(frequency))
    // Nobody has asked for the fleet yet: it is read whole when somebody does.
    if (fleet && MOVES_THE_FLEET.has(event.name)) read().catch((error: unknown) => { platform.log.warn({ error }, 'the fleet could not be read') })
  }

  return {
    current: async () => fleet ?? read(),
    known: () => fleet,
    onChange: (told) => { changes.push(told) },
    onEvent: (told) => { events.push(told) },
    start: () => { end = relay.onEvent(hear) },
    stop: () => { end() },
  }
}
