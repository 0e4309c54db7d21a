import assert from 'node:assert/strict'
import type { Answer, Person } from '../../testing/person.ts'

/** Approves what was held; what came of it. */
export async function approved(person: Person, asked: Answer): Promise<Answer> {
  assert.equal(asked.status, 423, JSON.stringify(asked.body))
  return person.post(`/api/v2/governance/checkpoints/${asked.body.checkpoint.id}/approve`, {})
}

/** An organisation of this person's. */
export async function organisationOf(owner: Person, name = 'Engines Ltd'): Promise<string> {
  const { status, body } = await owner.post('/api/v2/organisations', { name })
  assert.equal(status, 201, JSON.stringify(body))
  return body.id
}

/** Invites somebody and takes the token. */
export async function inviteToken(owner: Person, organisationId: string, { email, role }: { email: string; role: string }): Promise<string> {
  const { body } = await approved(owner, await owner.post(`/api/v2/organisations/${organisationId}/invitations`, { email, role }))
  assert.equal(body.outcome.status, 'completed', JSON.stringify(body.outcome))
  const shown = await owner.post(`/api/v2/invitations/${body.outcome.result.id}/token`)
  assert.equal(shown.status, 200, JSON.stringify(shown.body))
  return shown.body.token
}

/** Makes somebody a member, by an invitation that they accept. */
export async function join(owner: Person, organisationId: string, { person, role }: { person: Person; role: string }): Promise<void> {
  const token = await inviteToken(owner, organisationId, { email: person.user.email, role })
  const { status, body } = await person.post('/api/v2/invitations/accept', { token })
  assert.equal(status, 200, JSON.stringify(body))
}
