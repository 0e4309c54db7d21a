import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Client } from 'pg'
import { aWebhook, LOOPBACK } from '../domains/webhooks/testing.ts'
import { client, register, type Person } from '../testing/person.ts'
import { atEnd, emptyFolder } from '../testing/process/at-end.ts'
import { eventually } from '../testing/process/eventually.ts'
import { ownerUrlOf } from '../testing/process/postgres-of.ts'
import { killEverything, killGroup, startServer, type ServerProcess } from '../testing/process/server-process.ts'
import { startReceiver } from '../testing/webhook-receiver.ts'

const ROUNDS = Number(process.env.CHENU_KILL_ROUNDS ?? 3)
const PEOPLE = 3
const NOTES = 4

type Sender = Pick<Person, 'user' | 'password'>

/** Signs in anew: a round may come after a token's time. */
async function signIn(url: string, { user, password }: Sender) {
  const { body } = await client(url).post('/api/v2/auth/login', { email: user.email, password })
  return client(url, body.access_token)
}

/** The leases of workers that were killed end now and not in half a minute. */
async function endLeases(dataDir: string): Promise<void> {
  const owner = new Client(await ownerUrlOf(dataDir))
  await owner.connect()
  await owner.query(`update webhook_deliveries set next_attempt_at = now() where status in ('sending', 'waiting')`)
  await owner.query('delete from webhook_pace')
  await owner.end()
}

test('WHK-12: kill -9 in the middle of deliveries loses none; what arrives twice has one id', async (t) => {
  const dataDir = await emptyFolder(t)
  const receiver = await startReceiver()
  atEnd(t, () => receiver.close())
  const start = (): Promise<ServerProcess> => startServer(t, { settings: { DATA_DIR: dataDir, RATE_LIMIT: 'off', LOG_LEVEL: 'warn', ...LOOPBACK } })
  let server = await start()
  const people: Sender[] = []
  for (let n = 0; n < PEOPLE; n += 1) {
    const person = await register(server.url)
    await aWebhook(person, { url: receiver.url, events: ['note.created'] })
    people.push(person)
  }
  const written = new Set<string>()
  const write = async (count: number): Promise<void> => {
    await Promise.all(people.map(async (sender) => {
      const person = await signIn(server.url, sender)
      for (let n = 0; n < count; n += 1) {
        const { status, body } = await person.post('/api/v2/notes', { title: 'x' })
        assert.equal(status, 201)
        written.add(body.id)
      }
    }))
  }
  const arrived = (): Map<string, Set<string>> => {
    const ids = new Map<string, Set<string>>()
    for (const { headers, raw } of receiver.taken) {
      const noteId = JSON.parse(raw.toString()).data.note_id as string
      ids.set(noteId, (ids.get(noteId) ?? new Set()).add(String(headers['webhook-id'])))
    }
    return ids
  }

  for (let round = 0; round < ROUNDS; round += 1) {
    // It takes what comes and answers nothing: the kill finds every delivery on its way.
    receiver.manner = 'hang'
    const before = receiver.taken.length
    await write(NOTES)
    await receiver.count(before + 1)
    await (round % 2 === 0 ? killGroup : killEverything)(server)

    receiver.manner = 200
    server = await start()
    await endLeases(dataDir)
    await write(1)
    await eventually('every event has arrived', () => [...written].every((id) => arrived().has(id)))
  }

  const ids = [...arrived().values()]
  assert.ok(ids.every(({ size }) => size === 1), 'an event has one id, however often it came')
  t.diagnostic(`${written.size} events, ${receiver.taken.length} arrivals, ${ROUNDS} kills`)
  assert.ok(receiver.taken.length > written.size, 'something came twice, so the kills were felt')
})
