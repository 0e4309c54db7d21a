import { defineAction } from '../../platform/action.ts'
import { emit } from '../../platform/events/emit.ts'
import { newId } from '../../platform/ids.ts'
import { PERSONAL_SPHERE, sphereIdOf } from '../spheres/sphere-id.ts'
import { CreateNote, Note } from './contract.ts'
import { NoteCreated } from './events.ts'
import { presentNote } from './present.ts'
import { insertNote } from './queries.ts'
import { NOTE_WORDS } from './words.ts'

/** Writes a note into a sphere: the one named, else the one that the call works in, else the personal one. */
export const createNote = defineAction({
  name: 'notes.create', effect: 'CREATE', input: CreateNote, output: Note, words: NOTE_WORDS,
  title: { en: 'Create a note', fr: 'Créer une note' },
  summary: ({ title }) => ({ en: `Create the note “${title}”`, fr: `Créer la note « ${title} »` }),
  sphereOf: ({ sphere_id }) => sphereIdOf(sphere_id),
  about: ({ id }) => ({ type: 'note', id }),
  async run(tx, { title, body, sphere_id }) {
    const sphereId = sphereIdOf(sphere_id) ?? tx.sphereId ?? PERSONAL_SPHERE
    const row = await insertNote(tx.db, { id: newId(), identityId: tx.identityId, sphereId, title, body: body ?? '', at: tx.now() })
    emit(tx, NoteCreated, { note_id: row.id, sphere_id: row.sphere_id })
    return presentNote(row)
  },
})
