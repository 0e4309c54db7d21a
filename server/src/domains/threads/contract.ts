import { z } from 'zod'
import { pageInput } from '../../platform/http/page.ts'
import { SphereInput } from '../spheres/contract.ts'
import { ROLES, THREAD_EVENT_TYPES } from './event-types.ts'

export const THREAD_STATUSES = ['active', 'archived'] as const

const Title = z.string().trim().min(1).max(300)
const Query = z.string().trim().max(300)
const ExpectedSeq = z.int().min(0).max(2_147_483_647).describe('The number of the last event that the caller knows; anything newer gives 409.')

export const Thread = z.object({
  id: z.uuid(), sphere_id: z.int(), title: z.string(), status: z.enum(THREAD_STATUSES), last_seq: z.int(), last_hash: z.string(), version: z.int(),
  created_at: z.iso.datetime(), updated_at: z.iso.datetime(), binned_at: z.iso.datetime().nullable(),
})

export const ThreadEvent = z.object({
  id: z.uuid(), thread_id: z.uuid(), seq: z.int(), type: z.enum(THREAD_EVENT_TYPES), role: z.enum(ROLES), data: z.record(z.string(), z.unknown()),
  at: z.iso.datetime(), prev_hash: z.string(), hash: z.string(),
})

export const Message = z.object({ id: z.uuid(), thread_id: z.uuid(), seq: z.int(), role: z.enum(ROLES), text: z.string(), at: z.iso.datetime() })

export const ThreadVerdict = z.object({
  valid: z.boolean(), events: z.int().describe('How many events were found in order and unchanged.'), head: z.string().describe('The hash of the last of them.'),
  fault: z.object({ seq: z.int(), because: z.enum(['missing', 'reordered', 'broken_link', 'changed', 'cut']) }).nullable(),
})

export const CreateThread = z.strictObject({ title: Title, sphere_id: SphereInput.optional() })
export const UpdateThread = z.strictObject({ thread_id: z.uuid(), title: Title, expected_seq: ExpectedSeq.optional() })
export const PostMessage = z.strictObject({ thread_id: z.uuid(), text: z.string().min(1).max(50_000), expected_seq: ExpectedSeq.optional() })
export const ThreadKey = z.strictObject({ thread_id: z.uuid() })
export const SearchThreads = z.strictObject({ query: Query.optional() })
export const FoundThreads = z.object({ items: z.array(Thread) })
export const ListThreads = z.strictObject({
  ...pageInput, sphere_id: SphereInput.optional(), status: z.enum(THREAD_STATUSES).optional(), query: Query.optional(), binned: z.enum(['true', 'false']).default('false'),
})
export const ListThreadEvents = z.strictObject({ ...pageInput, thread_id: z.uuid(), order: z.enum(['asc', 'desc']).default('asc').describe('`asc`: oldest first.') })
/** The body of an edit does not matter: it is refused whatever it says. */
export const RewriteEvent = z.looseObject({ thread_id: z.uuid(), event_id: z.uuid() })
