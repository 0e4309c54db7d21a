import { page, toPage } from '../../platform/http/page.ts'
import { read, write, type Route } from '../../platform/http/route.ts'
import { refuseMissing } from '../governance/refuse-missing.ts'
import { sphereIdOf } from '../spheres/sphere-id.ts'
import { ListNotes, Note, NoteKey } from './contract.ts'
import { createNote } from './create-note.ts'
import { deleteNote } from './delete-note.ts'
import { presentNote } from './present.ts'
import { findNote, listNotes } from './queries.ts'
import { restoreNote } from './restore-note.ts'
import { updateNote } from './update-note.ts'

export const routes: Route[] = [
  write('POST /notes', createNote),
  write('PATCH /notes/:note_id', updateNote, { problems: ['binned'] }),
  write('DELETE /notes/:note_id', deleteNote, { problems: ['binned'] }),
  write('POST /notes/:note_id/restore', restoreNote, { problems: ['not_binned'] }),
  read('GET /notes', {
    summary: 'List notes, newest first', input: ListNotes, output: page(Note),
    run: async (ctx, q) => toPage(
      await listNotes(ctx.db, ctx.identityId, { limit: q.limit, query: q.query, sphereId: sphereIdOf(q.sphere_id), binned: q.binned === 'true', before: ctx.platform.cursors.decode(q.cursor) }),
      { limit: q.limit, cursors: ctx.platform.cursors, keyOf: (row) => row.id, present: presentNote },
    ),
  }),
  read('GET /notes/:note_id', {
    summary: 'Get a note', input: NoteKey, output: Note, problems: ['not_found', 'identity_boundary'],
    run: async (ctx, { note_id }) => presentNote(await findNote(ctx.db, ctx.identityId, note_id) ?? await refuseMissing(ctx, { type: 'note', id: note_id })),
  }),
]
