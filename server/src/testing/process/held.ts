import assert from 'node:assert/strict'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Answer, Client } from '../person.ts'

/** A deletion by Nova that waits for a human. */
export type Held = { noteId: string; checkpointId: string; runId: string }

/** Asks Nova to delete a note, by naming the action outright. */
export const askToDelete = (person: Client, noteId: string): Promise<Answer> =>
  person.post('/api/v2/nova/query', { message: '', action: { tool: 'notes.delete', args: { note_id: noteId } } })

/** A fresh note whose deletion is held. */
export async function hold(person: Client): Promise<Held> {
  const { body: note } = await person.post('/api/v2/notes', { title: 'Courses', sphere_id: 1 })
  const { status, body } = await askToDelete(person, note.id)
  assert.deepEqual([status, body.code], [423, 'checkpoint_required'])
  return { noteId: note.id, checkpointId: body.checkpoint.id, runId: body.run_id }
}

export const approve = (person: Client, { checkpointId }: Held): Promise<Answer> => person.post(`/api/v2/governance/checkpoints/${checkpointId}/approve`, {})

/** How often the note was deleted, by the record. */
export async function effects(person: Client, { noteId }: Held): Promise<number> {
  const { status, body } = await person.get(`/api/v2/governance/audit?action=notes.delete&outcome=done&resource_id=${noteId}`)
  assert.equal(status, 200)
  return body.items.length
}

/** The header with the seal that a server generated. */
export const sealOf = async (dataDir: string): Promise<Record<string, string>> => ({ 'x-architect-seal': (await readFile(join(dataDir, 'architect-seal'), 'utf8')).trim() })
