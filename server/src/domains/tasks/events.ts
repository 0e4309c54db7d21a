import { defineEvent } from '../../platform/events/emit.ts'
import { sphereChannel } from '../spheres/sphere-id.ts'

type Told = { task_id: string; sphere_id: number }
const channels = ({ sphere_id }: Told): string[] => [sphereChannel(sphere_id)]

export const TaskCreated = defineEvent<Told>({ name: 'task.created', channels })
export const TaskUpdated = defineEvent<Told>({ name: 'task.updated', channels })
export const TaskCompleted = defineEvent<Told>({ name: 'task.completed', channels })
export const TaskDeleted = defineEvent<Told>({ name: 'task.deleted', channels })
export const TaskRestored = defineEvent<Told>({ name: 'task.restored', channels })
