import { defineEvent } from '../../platform/events/emit.ts'

export const ContextChanged = defineEvent<{ version: number; sphere_id: number | null; thread_id: string | null }>({ name: 'hub.context_changed', channels: () => [] })
