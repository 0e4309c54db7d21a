import type { AnyAction } from '../../platform/action.ts'
import type { Domain } from '../../platform/domain.ts'
import { createNote } from './create-note.ts'
import { deleteNote } from './delete-note.ts'
import { restoreNote } from './restore-note.ts'
import { routes } from './routes.ts'
import { searchNotes } from './search-notes.ts'
import { updateNote } from './update-note.ts'

export const notes: Domain = {
  name: 'notes', tables: ['notes'], uses: ['governance', 'spheres'],
  actions: [createNote, updateNote, deleteNote, restoreNote, searchNotes] as unknown as AnyAction[],
  routes,
}
