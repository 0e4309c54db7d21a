import { defineEvent } from '../../platform/events/emit.ts'
import { sphereChannel } from '../spheres/sphere-id.ts'

type Told = { note_id: string; sphere_id: number }
const channels = ({ sphere_id }: Told): string[] => [sphereChannel(sphere_id)]

export const NoteCreated = defineEvent<Told>({ name: 'note.created', channels })
export const NoteUpdated = defineEvent<Told>({ name: 'note.updated', channels })
export const NoteDeleted = defineEvent<Told>({ name: 'note.deleted', channels })
export const NoteRestored = defineEvent<Told>({ name: 'note.restored', channels })
