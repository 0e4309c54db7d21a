import { defineEvent } from '../../platform/events/emit.ts'

type Told = { contact_id: string }
const channels = (): string[] => []

export const ContactCreated = defineEvent<Told>({ name: 'contact.created', channels })
export const ContactUpdated = defineEvent<Told>({ name: 'contact.updated', channels })
export const ContactDeleted = defineEvent<Told>({ name: 'contact.deleted', channels })
export const ContactRestored = defineEvent<Told>({ name: 'contact.restored', channels })
