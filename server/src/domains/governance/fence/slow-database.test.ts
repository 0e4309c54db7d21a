import assert from 'node:assert/strict'
import { test } from 'node:test'
import { startDatabaseProxy } from '../../../testing/database-proxy.ts'
import type { Answer } from '../../../testing/person.ts'
import { startWorld } from '../../../testing/world.ts'

test('F-24: kill answers while PostgreSQL is slow, and nothing commits after it', async () => {
  const proxy = await startDatabaseProxy()
  const slow = await startWorld({ through: proxy.through })
  const eve = await slow.person()
  proxy.slow(20)
  const create = (): Promise<Answer> => eve.post('/api/v2/notes', { title: 'slow' })
  const createUntilRefused = async (): Promise<number> => {
    for (;;) {
      const { status } = await create()
      if (status !== 201) return status
    }
  }
  const clients = Array.from({ length: 20 }, createUntilRefused)
  assert.equal((await create()).status, 201)

  const { status } = await slow.anyone.post('/api/atom/killswitch', undefined, { 'x-architect-seal': slow.seal })
  const notes = async (): Promise<number> => (await slow.owner.query('select count(*)::int as n from notes')).rows[0].n
  const atAnswer = await notes()
  const refusals = await Promise.all(clients)

  assert.deepEqual([status, new Set(refusals), await notes()], [200, new Set([503]), atAnswer])
  await slow.close()
  await proxy.close()
})
