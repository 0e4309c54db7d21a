import { defineEvent } from '../../platform/events/emit.ts'
import { sphereChannel } from '../spheres/sphere-id.ts'

type Told = { type: string; id: string; sphere_id: number }
const channels = ({ sphere_id }: Told): string[] => [sphereChannel(sphere_id)]

/** Heard by the identity that had it, in the sphere where it is now. */
export const RecordTransferred = defineEvent<Told>({ name: 'record.transferred', channels })
/** Heard by another identity, to which it came. */
export const RecordReceived = defineEvent<Told>({ name: 'record.received', channels })
