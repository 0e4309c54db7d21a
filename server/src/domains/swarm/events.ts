import { defineEvent } from '../../platform/events/emit.ts'

/** A claim about a touch contradicts what the server measured. Names nobody: a Sceau is anonymous. */
export const FrequencySpoofed = defineEvent<{ count: number }>({ name: 'swarm.frequency_spoofed', channels: () => [] })
