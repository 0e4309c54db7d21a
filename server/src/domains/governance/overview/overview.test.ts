import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { newId } from '../../../platform/ids.ts'
import type { Person } from '../../../testing/person.ts'
import { startWorld, type World } from '../../../testing/world.ts'
import { holdDeletion } from '../deciders/testing.ts'

let world: World
before(async () => { world = await startWorld() })
after(() => world.close())

const AT = '/api/v2/governance'

/** Two approved, one rejected, one cancelled, one expired, one that waits, and a refused attempt at the boundary. */
async function history(person: Person, stranger: Person): Promise<{ expired: string; waiting: string }> {
  const [one, two, three, four, five, six] = await Promise.all(Array.from({ length: 6 }, () => holdDeletion(person)))
  await person.post(`${AT}/checkpoints/${one?.id}/approve`, {})
  await person.post(`${AT}/checkpoints/${two?.id}/approve`, {})
  await person.post(`${AT}/checkpoints/${three?.id}/reject`, { reason: 'x' })
  await person.del(`${AT}/checkpoints/${four?.id}`)
  await world.owner.query('update checkpoints set expires_at = created_at where id = $1', [five?.id])
  const { body: theirs } = await stranger.post('/api/v2/notes', { title: 'x' })
  await person.get(`/api/v2/notes/${theirs.id}`)
  return { expired: five?.id ?? '', waiting: six?.id ?? '' }
}

test('figures are counted from the identity’s own rows, and are null where there is nothing to take them of', async () => {
  const [ada, eve, nobody] = await Promise.all([world.person(), world.person(), world.person()])
  await history(ada, eve)
  await holdDeletion(eve)

  const [stats, metrics, analytics] = await Promise.all(['/checkpoints/stats', '/metrics', '/analytics'].map(async (path) => (await ada.get(`${AT}${path}`)).body))

  assert.deepEqual([stats.total, stats.by_status], [7, { pending: 1, approved: 2, rejected: 2, expired: 1, cancelled: 1 }])
  assert.deepEqual(stats.by_type.filter(({ type }: { type: string }) => type === 'identity_boundary').map(({ count }: { count: number }) => count), [1])
  assert.deepEqual([metrics.waiting, metrics.decided, metrics.expired, metrics.expiry_rate, metrics.floods], [1, 3, 1, 0.2, 0])
  assert.ok(metrics.median_seconds_to_decision >= 0 && metrics.p95_seconds_to_decision >= metrics.median_seconds_to_decision)
  assert.deepEqual(analytics.by_tool.filter(({ key, status }: { key: string; status: string }) => key === 'notes.delete' && status === 'approved').map(({ count }: { count: number }) => count), [2])
  assert.equal(analytics.by_day.reduce((sum: number, { count }: { count: number }) => sum + count, 0), 7)
  const { body: none } = await nobody.get(`${AT}/metrics`)
  assert.deepEqual([none.waiting, none.decided, none.median_seconds_to_decision, none.expiry_rate, none.oldest_waiting_since], [0, 0, null, null, null])
  for (const days of ['0', '91', 'x']) assert.equal((await ada.get(`${AT}/metrics?days=${days}`)).status, 422)
})

test('lists: what waits for me, what ended, what matches; every page once', async () => {
  const [ada, eve] = await Promise.all([world.person(), world.person()])
  const { waiting, expired } = await history(ada, eve)
  const ids = async (path: string): Promise<string[]> => (await ada.get(path)).body.items.map(({ id }: { id: string }) => id)

  assert.deepEqual(await ids('/api/v2/checkpoints/pending'), [waiting])
  assert.deepEqual(await ids('/api/v1/checkpoints?to_decide=true'), [waiting])
  assert.deepEqual(await ids('/api/v2/checkpoints?status=approved&type=destructive_action').then(({ length }) => length), 2)
  await ada.post(`${AT}/checkpoints/cleanup/expired`)
  const ended = await ids('/api/v2/checkpoints/history')
  assert.equal(ended.length, 6)
  assert.ok(ended.includes(expired) && !ended.includes(waiting))

  const seen: string[] = []
  let cursor: string | null = null
  do {
    const { body }: { body: { items: Array<{ id: string }>; next_cursor: string | null } } = await ada.get(`/api/v2/checkpoints?limit=2${cursor ? `&cursor=${cursor}` : ''}`)
    seen.push(...body.items.map(({ id }) => id))
    cursor = body.next_cursor
  } while (cursor)
  assert.deepEqual([seen.length, new Set(seen).size, seen], [7, 7, seen.toSorted().toReversed()])
})

test('signals name what a person should look at; those of a thread what its runs wait for', async () => {
  const [ada, eve] = await Promise.all([world.person(), world.person()])
  const { waiting } = await history(ada, eve)
  const { body: thread } = await ada.post('/api/v2/threads', { title: 't', sphere_id: 1 })
  const { body: note } = await ada.post('/api/v2/notes', { title: 'x', sphere_id: 1 })
  const { body: held } = await ada.post('/api/v2/nova/query', { message: '', thread_id: thread.id, sphere_id: 1, action: { tool: 'notes.delete', args: { note_id: note.id } } })

  const { body: all } = await ada.get(`${AT}/signals`)
  const { body: ofThread } = await ada.get(`${AT}/signals/${thread.id}`)

  assert.deepEqual(all.items.map(({ kind, checkpoint_id }: Record<string, string>) => [kind, checkpoint_id]).slice(0, 2), [['waiting', waiting], ['waiting', held.checkpoint.id]])
  assert.equal(all.items.at(-1).kind, 'identity_boundary')
  assert.deepEqual(ofThread.items.map(({ checkpoint_id }: Record<string, string>) => checkpoint_id), [held.checkpoint.id])
  assert.equal((await eve.get(`${AT}/signals/${thread.id}`)).status, 403)
  assert.equal((await ada.get(`${AT}/signals/${newId()}`)).status, 404)
})

test('what expired without a decision is backlog until a person has seen to it; it stays expired', async () => {
  const [ada, eve] = await Promise.all([world.person(), world.person()])
  const { expired, waiting } = await history(ada, eve)
  await ada.post(`${AT}/checkpoints/cleanup/expired`)
  const backlog = async (): Promise<string[]> => (await ada.get(`${AT}/backlog`)).body.items.map(({ id }: { id: string }) => id)
  assert.deepEqual(await backlog(), [expired])

  assert.equal((await eve.post(`${AT}/backlog/${expired}/resolve`, {})).status, 403)
  assert.equal((await ada.post(`${AT}/backlog/${waiting}/resolve`, {})).status, 409)
  const { status, body } = await ada.post(`${AT}/backlog/${expired}/resolve`, { note: 'asked again' })

  assert.deepEqual([status, body.status, body.note, await backlog()], [200, 'expired', 'asked again', []])
  assert.equal((await ada.post(`${AT}/backlog/${expired}/resolve`, {})).status, 409)
})

test('every checkpoint route answers at both of its addresses and under v1', () => {
  const routes = world.app.routes.map(({ method, url }) => `${method} ${url}`)

  const named = routes.filter((route) => route.includes(' /governance/checkpoints'))
  assert.ok(named.length >= 15)
  for (const route of named) assert.ok(routes.includes(route.replace('/governance/checkpoints', '/checkpoints')), route)
  const listed = ['POST /checkpoints', 'GET /checkpoints', 'GET /checkpoints/pending', 'GET /checkpoints/:checkpoint_id', 'GET /checkpoints/history', 'GET /checkpoints/stats', 'POST /checkpoints/:checkpoint_id/approve', 'POST /checkpoints/:checkpoint_id/reject',
    'POST /checkpoints/:checkpoint_id/escalate', 'POST /checkpoints/batch/approve', 'POST /checkpoints/batch/reject', 'POST /checkpoints/cleanup/expired', 'DELETE /checkpoints/:checkpoint_id', 'POST /governance/checkpoints/:checkpoint_id/decision',
    'POST /governance/checkpoints/:checkpoint_id/block', 'GET /governance/metrics', 'GET /governance/analytics', 'GET /governance/signals', 'GET /governance/signals/:thread_id', 'GET /governance/backlog', 'POST /governance/backlog/:checkpoint_id/resolve']
  assert.deepEqual(listed.filter((route) => !routes.includes(route)), [])
})
