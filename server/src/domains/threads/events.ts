import { defineEvent, type EventKind } from '../../platform/events/emit.ts'
import { sphereChannel } from '../spheres/sphere-id.ts'
import type { ThreadEventType } from './event-types.ts'

type Told = { thread_id: string; sphere_id: number }
type Logged = Told & { event_id: string; seq: number; type: ThreadEventType }
const channels = ({ thread_id, sphere_id }: Told): string[] => [`thread:${thread_id}`, sphereChannel(sphere_id)]

export const ThreadCreated = defineEvent<Logged>({ name: 'thread.created', channels })
export const ThreadUpdated = defineEvent<Logged>({ name: 'thread.updated', channels })
export const ThreadArchived = defineEvent<Logged>({ name: 'thread.archived', channels })
export const ThreadResumed = defineEvent<Logged>({ name: 'thread.resumed', channels })
export const MessagePosted = defineEvent<Logged>({ name: 'message.posted', channels })
/** Any other entry of a thread's log; `type` says which. */
export const ThreadEventAdded = defineEvent<Logged>({ name: 'thread.event_added', channels })
export const ThreadDeleted = defineEvent<Told>({ name: 'thread.deleted', channels })
export const ThreadRestored = defineEvent<Told>({ name: 'thread.restored', channels })

const kinds: Partial<Record<ThreadEventType, EventKind<Logged>>> = {
  'thread.created': ThreadCreated, 'thread.updated': ThreadUpdated, 'thread.archived': ThreadArchived, 'thread.resumed': ThreadResumed, 'message.posted': MessagePosted,
}

/** What is told when a log grows by an entry of this type. */
export const eventOf = (type: ThreadEventType): EventKind<Logged> => kinds[type] ?? ThreadEventAdded
