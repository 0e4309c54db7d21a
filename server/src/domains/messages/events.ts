import { defineEvent } from '../../platform/events/emit.ts'

type Told = { message_id: string }

// Heard on the channel of the user, which every event of a user has. What a message says stays in its row.
const channels = (): string[] => []

export const MessageReceived = defineEvent<Told>({ name: 'message.received', channels })
export const MessageQueued = defineEvent<Told>({ name: 'message.queued', channels })
export const MessageSent = defineEvent<Told & { channel: string }>({ name: 'message.sent', channels })
export const MessageFailed = defineEvent<Told & { status: 'failed' | 'unknown'; reason: string }>({ name: 'message.failed', channels })
export const MessageRead = defineEvent<Told>({ name: 'message.read', channels })
