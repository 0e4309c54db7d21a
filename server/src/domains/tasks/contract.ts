import { z } from 'zod'
import { pageInput } from '../../platform/http/page.ts'
import { SphereInput } from '../spheres/contract.ts'

export const TASK_STATUSES = ['open', 'done'] as const

const Title = z.string().trim().min(1).max(300)
const Status = z.enum(TASK_STATUSES)
const Query = z.string().trim().max(300)

/** With any offset; years 1900 to 9999 once in UTC, so that every stored time can be written as ISO 8601 again. */
const DueAt = z.iso.datetime({ offset: true }).refine((text) => {
  const year = new Date(text).getUTCFullYear()
  return year >= 1900 && year <= 9999
}, { error: 'year out of range' })

export const Task = z.object({
  id: z.uuid(), sphere_id: z.int(), title: z.string(), status: Status, due_at: z.iso.datetime().nullable(), completed_at: z.iso.datetime().nullable(),
  version: z.int(), created_at: z.iso.datetime(), updated_at: z.iso.datetime(), binned_at: z.iso.datetime().nullable(),
})

export const CreateTask = z.strictObject({ title: Title, due_at: DueAt.nullish(), sphere_id: SphereInput.optional() })
export const UpdateTask = z.strictObject({ task_id: z.uuid(), title: Title.optional(), due_at: DueAt.nullish(), status: Status.optional() })
export const TaskKey = z.strictObject({ task_id: z.uuid() })
export const SearchTasks = z.strictObject({ query: Query.optional(), status: Status.optional() })
export const FoundTasks = z.object({ items: z.array(Task) })
export const ListTasks = z.strictObject({
  ...pageInput, sphere_id: SphereInput.optional(), status: Status.optional(), query: Query.optional(), binned: z.enum(['true', 'false']).default('false'),
})
