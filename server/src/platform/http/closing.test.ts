import assert from 'node:assert/strict'
import { once } from 'node:events'
import { test } from 'node:test'
import { openWire, untilClosed } from '../../testing/wire.ts'
import { startWorld } from '../../testing/world.ts'
import { startBareServer } from './testing.ts'

const GET = (path: string): string => `GET ${path} HTTP/1.1\r\nHost: x\r\n\r\n`

/** A server with a route that answers when the test says so. */
async function startSlow() {
  let release = (): void => {}
  let entered = (): void => {}
  const gate = new Promise<void>((resolve) => { release = resolve })
  const isIn = new Promise<void>((resolve) => { entered = resolve })
  const bare = await startBareServer({
    mount(server) {
      server.get('/slow', async () => {
        entered()
        await gate
        return { done: true }
      })
      server.get('/quick', async () => ({ done: true }))
    },
  })
  return { ...bare, release, isIn }
}

test('a server that closes finishes what is in flight, answers 503 to what comes behind it, and takes no new connection', async () => {
  const { url, server, release, isIn } = await startSlow()
  const [busy, idle] = await Promise.all([openWire(url), openWire(url)])
  const [said, heard] = [untilClosed(busy), untilClosed(idle)]
  idle.write(GET('/quick'))
  await once(idle, 'data')
  busy.write(GET('/slow'))
  await isIn

  const closed = server.close()
  assert.match(await heard, /"done":true\}$/, 'a kept connection on which nothing happens is closed at once')
  busy.write(GET('/quick') + GET('/quick'))
  await assert.rejects(fetch(`${url}/quick`))
  release()

  const answers = (await said).split('HTTP/1.1 ').slice(1)
  assert.match(answers[0] ?? '', /^200 OK.*connection: close.*"done":true\}$/is)
  for (const answer of answers.slice(1)) assert.match(answer, /^503 .*retry-after: 5.*"code":"unavailable"/is)
  await closed
})

test('ERR-13, F-26: a server that closes under load loses nothing that it answered, and its end comes', async () => {
  const world = await startWorld()
  const ada = await world.person()
  const rows = async (): Promise<string[]> => (await world.owner.query('select title from notes where identity_id = $1', [ada.identity.id])).rows.map(({ title }) => title as string)
  const answered: string[] = []
  const other: number[] = []

  const writes = Array.from({ length: 200 }, async (_, n) => {
    try {
      const { status } = await ada.post('/api/v2/notes', { title: `n${n}` })
      if (status === 201) answered.push(`n${n}`)
      else other.push(status)
    } catch { /* a connection that was refused or cut said nothing */ }
  })
  await new Promise<void>((resolve) => {
    const look = (): void => { if (answered.length > 20) resolve(); else setImmediate(look) }
    look()
  })
  await world.app.close()
  await Promise.all(writes)

  const kept = new Set(await rows())
  assert.deepEqual(answered.filter((title) => !kept.has(title)), [])
  assert.ok(other.every((status) => status === 503), String(other))
  await world.database.drop()
})
