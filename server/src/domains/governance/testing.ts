import assert from 'node:assert/strict'
import type { Answer, Client, Person } from '../../testing/person.ts'
import type { World } from '../../testing/world.ts'
import { openBodies } from '../audit/testing.ts'

const at = (id: string): string => `/api/v2/governance/checkpoints/${id}`

/** What one can do with one checkpoint, by its id. */
export const approve = (person: Client, id: string, body: unknown = {}, headers?: Record<string, string>): Promise<Answer> => person.post(`${at(id)}/approve`, body, headers)
export const reject = (person: Client, id: string, reason = 'no'): Promise<Answer> => person.post(`${at(id)}/reject`, { reason })
export const edit = (person: Client, id: string, args: unknown, more: Record<string, unknown> = {}): Promise<Answer> => person.post(`${at(id)}/edit`, { args, ...more })
export const answerFor = (person: Client, id: string, outcome: string): Promise<Answer> => person.post(`${at(id)}/effect`, { outcome })
export const checkpointOf = async (person: Client, id: string): Promise<Answer['body']> => (await person.get(at(id))).body

/** A call by Nova, named outright. */
export const askNova = (person: Client, tool: string, args: unknown, message = ''): Promise<Answer> => person.post('/api/v2/nova/query', { message, action: { tool, args } })

/** Puts an action of one's own before oneself; the checkpoint. */
export async function putBefore(person: Client, tool: string, args: unknown): Promise<Answer['body']> {
  const { status, body } = await person.post('/api/v2/governance/checkpoints', { tool, args })
  assert.equal(status, 201, JSON.stringify(body))
  return body
}

export async function aNote(person: Client, given: { title?: string; body?: string } = {}): Promise<string> {
  const { status, body } = await person.post('/api/v2/notes', { title: 'Courses', body: 'lait', sphere_id: 1, ...given })
  assert.equal(status, 201)
  return body.id
}

export type HeldNote = { noteId: string; id: string; runId: string }

/** A note whose deletion by Nova waits. */
export async function heldDeletion(person: Client, given: { title?: string; body?: string } = {}): Promise<HeldNote> {
  const noteId = await aNote(person, given)
  const { status, body } = await askNova(person, 'notes.delete', { note_id: noteId })
  assert.equal(status, 423, JSON.stringify(body))
  return { noteId, id: body.checkpoint.id, runId: body.run_id }
}

type Told = { action: string; actor: { kind: string }; action_hash: string; outcome: string; checkpoint_id: string | null; details: Record<string, unknown> }

/** What the record says of a checkpoint, oldest first. */
export async function recordOf(world: World, person: Person, checkpointId: string): Promise<Told[]> {
  const { rows } = await world.owner.query<{ body: string }>('select body from audit_events where identity_id = $1 order by seq', [person.identity.id])
  return (await openBodies<Told>(world.platform.store, person.identity.id, rows.map(({ body }) => body))).filter((event) => event.checkpoint_id === checkpointId)
}
