import { defineAction } from '../../platform/action.ts'
import { emit } from '../../platform/events/emit.ts'
import { Binned } from '../../platform/problems.ts'
import { Note, NoteKey } from './contract.ts'
import { NoteDeleted } from './events.ts'
import { presentNote } from './present.ts'
import { binNote } from './queries.ts'
import { NOTE_WORDS } from './words.ts'

/** Moves a note to the bin, from where its owner can restore it for 30 days. */
export const deleteNote = defineAction({
  name: 'notes.delete', effect: 'DELETE', input: NoteKey, output: Note, words: NOTE_WORDS,
  title: { en: 'Delete a note', fr: 'Supprimer une note' },
  summary: ({ note_id }, titleOf) => ({ en: `Delete the note “${titleOf(note_id)}”`, fr: `Supprimer la note « ${titleOf(note_id)} »` }),
  touches: ({ note_id }) => [{ type: 'note', id: note_id }],
  async run(tx, { note_id }) {
    const row = await binNote(tx.db, tx.identityId, note_id, tx.now())
    if (!row) throw Binned()
    emit(tx, NoteDeleted, { note_id: row.id, sphere_id: row.sphere_id })
    return presentNote(row)
  },
})
