import assert from 'node:assert/strict'
import { test } from 'node:test'
import { answerFor, approve, askNova, checkpointOf, recordOf } from '../domains/governance/testing.ts'
import { createDatabase } from '../testing/database.ts'
import { startMailServer } from '../testing/mail-server.ts'
import { client, register } from '../testing/person.ts'
import { atEnd, emptyFolder } from '../testing/process/at-end.ts'
import { eventually } from '../testing/process/eventually.ts'
import { killGroup, startServer } from '../testing/process/server-process.ts'
import { startWorld } from '../testing/world.ts'

const LEASE_MS = 61_000

test('CHK-08: kill -9 with checkpoints in every state: each goes on where it was, and no mail leaves twice', async (t) => {
  const mail = await startMailServer()
  atEnd(t, () => mail.close())
  const database = await createDatabase()
  atEnd(t, () => database.drop())
  const settings = { DATA_DIR: await emptyFolder(t), DATABASE_URL: database.url, SMTP_URL: mail.url, RATE_LIMIT: 'off', LOG_LEVEL: 'warn' }
  const server = await startServer(t, { settings })
  const ada = await register(server.url)
  const hold = async (name: string): Promise<string> => (await askNova(ada, 'messages.send', { to: `${name}@example.net`, body: 'hello' })).body.checkpoint.id
  const reaches = (id: string, state: string) => eventually(`its effect is ${state}`, async () => (await checkpointOf(ada, id)).effect_state === state)

  const pending = await hold('pending')
  const confirmed = await hold('confirmed')
  await approve(ada, confirmed)
  await reaches(confirmed, 'confirmed')
  mail.mood.recipient = 451
  const intended = await hold('intended')
  const refused = mail.asked('intended@example.net')
  await approve(ada, intended)
  await refused
  await reaches(intended, 'intended')
  mail.mood.recipient = 'silence'
  const dispatched = await hold('dispatched')
  const asked = mail.asked('dispatched@example.net')
  await approve(ada, dispatched)
  await asked
  await killGroup(server)

  mail.mood.recipient = 'take'
  const { DATA_DIR: dataDir, SMTP_URL } = settings
  const world = await startWorld({ database, dataDir, settings: { SMTP_URL } })
  atEnd(t, () => world.close())
  const after = client(world.url, ada.token)
  const states = (): Promise<Array<string | null>> => Promise.all([pending, intended, dispatched, confirmed].map(async (id) => (await checkpointOf(after, id)).effect_state))
  assert.deepEqual(await states(), [null, 'intended', 'dispatched', 'confirmed'])
  world.clock.advance(LEASE_MS)
  await world.app.outbox.sweep()
  assert.deepEqual(await states(), [null, 'confirmed', 'unknown', 'confirmed'])

  assert.equal((await approve(after, pending)).status, 200)
  for (const id of [intended, dispatched, confirmed]) assert.equal((await approve(after, id)).status, 409)
  const { anew } = (await answerFor(after, dispatched, 'repeat')).body
  assert.equal((await approve(after, anew.id)).status, 200)
  await world.app.outbox.sweep()

  assert.deepEqual(await states(), ['confirmed', 'confirmed', 'unknown', 'confirmed'])
  // Beside those that tell Ada of what waits.
  const mails = mail.mails.flatMap(({ to }) => to).filter((to) => to !== ada.user.email).toSorted()
  assert.deepEqual(mails, ['confirmed@example.net', 'dispatched@example.net', 'intended@example.net', 'pending@example.net'])
  assert.deepEqual((await recordOf(world, ada, dispatched)).map(({ action }) => action), ['checkpoint.created', 'checkpoint.approved', 'messages.send', 'messages.failed', 'effect.answered'])
  assert.equal((await after.get('/api/v2/governance/audit/verify')).body.valid, true)
})
