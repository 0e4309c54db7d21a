import assert from 'node:assert/strict'
import { newId } from '../../platform/ids.ts'
import type { Answer, Person } from '../../testing/person.ts'
import { openConversation } from './conversation/open-conversation.ts'
import { freshLanes, type PendingCall, type RunState } from './run/run-state.ts'

/** A run of Claude's, just begun. */
export const aRun = (given: Partial<RunState> = {}): RunState => ({
  id: newId(), identityId: newId(), userId: newId(), sessionId: newId(), sphereId: null, threadId: null, requestId: 'r', language: 'en',
  message: 'Hello', planner: 'claude', status: 'processing', intent: { type: 'other', confidence: 1, entities: [], keywords: [], requires_checkpoint: false },
  lanes: freshLanes(), snapshot: null, snapshotHash: '', encoding: { compact: '', quality: { score: 0, grade: '' } }, actions: [], output: null,
  usage: { input_tokens: 0, output_tokens: 0 }, cost: { micro_usd: 0, kind: 'reported' }, credits: 0, checkpointId: null, auditEventId: null, error: null,
  remaining: openConversation({ message: 'Hello', snapshot: null }), version: 1, createdAt: new Date(0), completedAt: null, ...given,
})

/** A call of the model that was not looked at yet. */
export const aCall = (given: Partial<PendingCall> = {}): PendingCall =>
  ({ toolCallId: 'toolu_1', tool: 'notes.create', args: { title: 'Lait' }, fault: null, checkpointId: null, output: null, ...given })

/** Asks Nova in plain language. */
export const ask = (person: Person, message: string, more: Record<string, unknown> = {}, headers?: Record<string, string>): Promise<Answer> =>
  person.post('/api/v2/nova/query', { message, ...more }, headers)

export const approve = (person: Person, checkpointId: string): Promise<Answer> => person.post(`/api/v2/governance/checkpoints/${checkpointId}/approve`, {})
export const reject = (person: Person, checkpointId: string, reason: string): Promise<Answer> => person.post(`/api/v2/governance/checkpoints/${checkpointId}/reject`, { reason })

/** The id of a new note of theirs. */
export async function noteOf(person: Person, title: string, body = ''): Promise<string> {
  const { status, body: note } = await person.post('/api/v2/notes', { title, body, sphere_id: 1 })
  assert.equal(status, 201, JSON.stringify(note))
  return note.id
}

/** Titles of their notes outside of the bin, oldest first. */
export const titlesOf = async (person: Person): Promise<string[]> => (await person.get('/api/v2/notes?limit=100')).body.items.map((note: { title: string }) => note.title).toReversed()

export const isBinned = async (person: Person, noteId: string): Promise<boolean> => (await person.get(`/api/v2/notes/${noteId}`)).body.binned_at !== null

/** The one run that a person has, as it is kept. */
export async function onlyRunOf(person: Person): Promise<Answer['body']> {
  const { body } = await person.get('/api/v2/nova/runs')
  assert.equal(body.items.length, 1)
  return body.items[0]
}

/** How often a kind of event is in their record, up to 100. */
export const auditCount = async (person: Person, action: string): Promise<number> => (await person.get(`/api/v2/governance/audit?limit=100&action=${action}`)).body.items.length
