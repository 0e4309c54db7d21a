import assert from 'node:assert/strict'
import type { Answer, Person } from '../../testing/person.ts'
import type { World } from '../../testing/world.ts'

const SENTENCE = { en: 'A rule of a test.', fr: 'Une règle de test.' }

/** Drafts a rule of a person's own; its id. */
export async function draft(person: Person, text: string, name = 'Mine'): Promise<string> {
  const { status, body } = await person.post('/api/v2/governance/rules', { name, text, sentence: SENTENCE })
  assert.equal(status, 201, JSON.stringify(body))
  return body.id
}

/** Approves what waits, and expects that it was done. */
export async function approveHeld(person: Person, held: Answer): Promise<Answer> {
  assert.equal(held.status, 423, JSON.stringify(held.body))
  const { body, status, headers } = await person.post(`/api/v2/governance/checkpoints/${held.body.checkpoint.id}/approve`, {})
  assert.equal(status, 200, JSON.stringify(body))
  return { status, headers, body }
}

/** Puts a rule of a person's own into force: asked for, approved, done. */
export async function putInForce(person: Person, text: string, name?: string): Promise<string> {
  const id = await draft(person, text, name)
  const { body } = await approveHeld(person, await person.post(`/api/v2/governance/rules/${id}/activate`, {}))
  assert.equal(body.outcome.status, 'completed', JSON.stringify(body.outcome))
  return id
}

/** Puts a rule of the instance into force with the seal. */
export async function putInForceForAll(world: World, text: string, name = 'Everybody’s'): Promise<string> {
  const seal = { 'x-architect-seal': world.seal }
  const { body } = await world.anyone.post('/api/v2/governance/instance/rules', { name, text, sentence: SENTENCE }, seal)
  const { status, body: active } = await world.anyone.post(`/api/v2/governance/instance/rules/${body.id}/activate`, {}, seal)
  assert.deepEqual([status, active.status], [200, 'active'], JSON.stringify(active))
  return body.id
}

/** Lets a tool be used in advance: asked for, approved; the grant's id. */
export async function grant(person: Person, given: Record<string, unknown>): Promise<string> {
  const { body } = await approveHeld(person, await person.post('/api/v2/governance/grants', given))
  assert.equal(body.outcome.status, 'completed', JSON.stringify(body.outcome))
  return body.outcome.result.id
}

/** Has Nova do something for a person. */
export const askNova = (person: Person, tool: string, args: Record<string, unknown>, more: Record<string, unknown> = {}): Promise<Answer> =>
  person.post('/api/v2/nova/query', { message: '', action: { tool, args }, ...more })

/** A time that many days ahead of a world's clock. */
export const inDays = (world: World, days: number): string => new Date(world.clock.now().getTime() + days * 24 * 3_600_000).toISOString()
