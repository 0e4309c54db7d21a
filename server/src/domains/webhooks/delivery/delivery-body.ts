import type { CommittedEvent } from '../../../platform/events/event.ts'

/** What is signed and sent: the type, the time and the data that a socket hears, and nothing else of the event. */
export const bodyOf = ({ name, at, data }: Pick<CommittedEvent, 'name' | 'at' | 'data'>): string => JSON.stringify({ type: name, timestamp: at.toISOString(), data })
