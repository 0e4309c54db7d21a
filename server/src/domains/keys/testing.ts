import assert from 'node:assert/strict'
import { client, type Client, type Person } from '../../testing/person.ts'

export type Keyed = Client & { id: string; token: string }

type Wanted = { name?: string; scopes?: string[]; spheres?: Array<number | string>; credits?: number; expires_in_days?: number }

/** An API key of a person with its token taken, as a client: asked for, approved, shown. */
export async function keyOf(person: Person, url: string, wanted: Wanted = {}, headers?: Record<string, string>): Promise<Keyed> {
  const asked = await person.post('/api/v2/keys', { name: 'Robot', scopes: ['read'], ...wanted }, headers)
  assert.equal(asked.status, 423, JSON.stringify(asked.body))
  const { status, body } = await person.post(`/api/v2/governance/checkpoints/${asked.body.checkpoint.id}/approve`, {}, headers)
  assert.equal(status, 200, JSON.stringify(body))
  assert.equal(body.outcome.status, 'completed', JSON.stringify(body.outcome))
  const shown = await person.post(`/api/v2/keys/${body.outcome.result.id}/token`, undefined, headers)
  assert.equal(shown.status, 200, JSON.stringify(shown.body))
  return { ...client(url, shown.body.token), id: shown.body.id, token: shown.body.token }
}
