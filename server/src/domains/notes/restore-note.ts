import { defineAction } from '../../platform/action.ts'
import { emit } from '../../platform/events/emit.ts'
import { NotBinned } from '../../platform/problems.ts'
import { Note, NoteKey } from './contract.ts'
import { NoteRestored } from './events.ts'
import { presentNote } from './present.ts'
import { restoreNote as takeFromBin } from './queries.ts'
import { NOTE_WORDS } from './words.ts'

/** Takes a note back out of the bin. */
export const restoreNote = defineAction({
  name: 'notes.restore', effect: 'UPDATE', input: NoteKey, output: Note, words: NOTE_WORDS,
  title: { en: 'Restore a note from the bin', fr: 'Restaurer une note de la corbeille' },
  summary: ({ note_id }, titleOf) => ({ en: `Restore the note “${titleOf(note_id)}”`, fr: `Restaurer la note « ${titleOf(note_id)} »` }),
  touches: ({ note_id }) => [{ type: 'note', id: note_id }],
  async run(tx, { note_id }) {
    const row = await takeFromBin(tx.db, tx.identityId, note_id, tx.now())
    if (!row) throw NotBinned()
    emit(tx, NoteRestored, { note_id: row.id, sphere_id: row.sphere_id })
    return presentNote(row)
  },
})
