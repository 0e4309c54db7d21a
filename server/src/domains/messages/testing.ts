import assert from 'node:assert/strict'
import type { Answer, Person } from '../../testing/person.ts'
import type { World } from '../../testing/world.ts'

/** Puts a message before its sender, who has not approved it yet; the checkpoint. */
export async function holdMessage(person: Person, args: { to: string; subject?: string; body: string }): Promise<Answer['body']> {
  const { status, body } = await person.post('/api/v2/governance/checkpoints', { tool: 'messages.send', args })
  assert.equal(status, 201, JSON.stringify(body))
  return body
}

export const approve = (person: Person, checkpointId: string): Promise<Answer> => person.post(`/api/v2/governance/checkpoints/${checkpointId}/approve`, {})

export async function aContact(person: Person, given: { name?: string; email?: string | null } = {}): Promise<{ id: string; name: string; email: string }> {
  const { status, body } = await person.post('/api/v2/contacts', { name: given.name ?? 'Éva Roy', email: given.email === undefined ? 'eva@example.net' : given.email })
  assert.equal(status, 201, JSON.stringify(body))
  return body
}

export const messagesOf = async (person: Person, query = ''): Promise<Answer['body']> => (await person.get(`/api/v2/messages${query}`)).body.items

/** Names of a user's events, oldest first. */
export const eventsOf = async (world: World, person: Person, name: string): Promise<Array<{ data: Record<string, unknown>; identity_id: string; channels: string[] }>> =>
  (await world.owner.query('select data, identity_id, channels from events where user_id = $1 and name = $2 order by id', [person.user.id, name])).rows

/** The rows of an identity's audit chain for one action, oldest first. */
export const auditOf = async (world: World, identityId: string, action: string): Promise<Array<Record<string, unknown>>> =>
  (await world.owner.query<{ body: string }>('select body from audit_events where identity_id = $1 and action = $2 order by seq', [identityId, action])).rows.map(({ body }) => JSON.parse(body) as Record<string, unknown>)
