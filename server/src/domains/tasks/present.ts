import type { z } from 'zod'
import type { Task } from './contract.ts'
import type { TaskRow } from './queries.ts'

export const presentTask = (row: TaskRow): z.input<typeof Task> => ({
  id: row.id, sphere_id: row.sphere_id, title: row.title, status: row.status === 'done' ? 'done' : 'open',
  due_at: row.due_at?.toISOString() ?? null, completed_at: row.completed_at?.toISOString() ?? null, version: row.version,
  created_at: row.created_at.toISOString(), updated_at: row.updated_at.toISOString(), binned_at: row.binned_at?.toISOString() ?? null,
})
