import assert from 'node:assert/strict'
import type { Answer, Person } from '../../testing/person.ts'
import type { World } from '../../testing/world.ts'

export const LOOPBACK = { WEBHOOKS_ALLOW_HTTP: 'on', WEBHOOKS_ALLOW_LOOPBACK: 'on' }

/** Does over REST what waits for approval, and approves it; the result. */
export async function approved(person: Person, method: 'post' | 'patch', path: string, body: unknown = {}): Promise<Answer['body']> {
  const held = await person[method](path, body)
  assert.equal(held.status, 423, JSON.stringify(held.body))
  const { status, body: settled } = await person.post(`/api/v2/governance/checkpoints/${held.body.checkpoint.id}/approve`, {})
  assert.equal(status, 200, JSON.stringify(settled))
  return settled.outcome.result
}

export const aWebhook = (person: Person, given: { url: string; events?: string[]; headers?: Array<{ name: string; value: string }> }): Promise<Answer['body']> =>
  approved(person, 'post', '/api/v2/webhooks', { events: ['note.*'], ...given })

export const secretOf = async (person: Person, id: string): Promise<string> => (await person.post(`/api/v2/webhooks/${id}/secret`)).body.secret

/** Waits until every event has its number and the follower has passed it. */
export async function followed(world: World, name = 'webhooks'): Promise<void> {
  for (;;) {
    world.platform.store.wakeRelay()
    await world.app.relay.catchUp()
    for (const follower of world.app.followers) await follower.catchUp()
    const { rows: [state] } = await world.owner.query<{ open: string; behind: boolean }>(
      'select (select count(*) from events where seq is null) as open, (select seq from event_cursors where name = $1) < (select max(seq) from events) - 900 as behind', [name])
    if (Number(state?.open) === 0 && !state?.behind) return
  }
}

/** The same, and then everything that is due has been delivered. */
export async function delivered(world: World): Promise<void> {
  await followed(world)
  await world.app.courier.sweep()
}

export const deliveriesOf = async (person: Person, id: string, query = ''): Promise<Answer['body']> => (await person.get(`/api/v2/webhooks/${id}/deliveries${query}`)).body.items
