import type { z } from 'zod'
import type { Note } from './contract.ts'
import type { NoteRow } from './queries.ts'

export const presentNote = (row: NoteRow): z.input<typeof Note> => ({
  id: row.id, sphere_id: row.sphere_id, title: row.title, body: row.body, version: row.version,
  created_at: row.created_at.toISOString(), updated_at: row.updated_at.toISOString(), binned_at: row.binned_at?.toISOString() ?? null,
})
