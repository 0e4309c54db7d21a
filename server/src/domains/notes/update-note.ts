import { defineAction } from '../../platform/action.ts'
import { emit } from '../../platform/events/emit.ts'
import { Binned } from '../../platform/problems.ts'
import { Note, UpdateNote } from './contract.ts'
import { NoteUpdated } from './events.ts'
import { presentNote } from './present.ts'
import { updateNote as changeNote } from './queries.ts'
import { NOTE_WORDS } from './words.ts'

/** Changes a note's title, body or both. Throws Binned when it lies in the bin. */
export const updateNote = defineAction({
  name: 'notes.update', effect: 'UPDATE', input: UpdateNote, output: Note, words: NOTE_WORDS,
  title: { en: 'Change a note', fr: 'Modifier une note' },
  summary: ({ note_id }, titleOf) => ({ en: `Change the note “${titleOf(note_id)}”`, fr: `Modifier la note « ${titleOf(note_id)} »` }),
  touches: ({ note_id }) => [{ type: 'note', id: note_id }],
  async run(tx, { note_id, title, body }) {
    const row = await changeNote(tx.db, tx.identityId, note_id, { title, body, at: tx.now() })
    if (!row) throw Binned()
    emit(tx, NoteUpdated, { note_id: row.id, sphere_id: row.sphere_id })
    return presentNote(row)
  },
})
