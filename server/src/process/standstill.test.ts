import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { after, before, suite, test } from 'node:test'
import { createDatabase, type TestDatabase } from '../testing/database.ts'
import { startFakeAnthropic, type AskedOf, type FakeAnthropic, type Reply, type Script } from '../testing/fake-anthropic.ts'
import { client, register, type Client, type Person } from '../testing/person.ts'
import { emptyFolder, type Scope } from '../testing/process/at-end.ts'
import { startServer, type ServerProcess } from '../testing/process/server-process.ts'

const RUNS = 50
const KILLS = process.env.CHENU_LONG === '1' ? 20 : 2

/** A run asks the model, creates a note as it is told to, and asks again. */
function replyTo({ body }: AskedOf): Reply {
  const wasTold = JSON.stringify(body.messages.at(-1)).includes('tool_result')
  return wasTold ? { say: 'Fait.' } : { call: [{ tool: 'notes.create', args: { title: 'Lait' } }] }
}

suite('the kill-switch under a flood, with two servers on one database', () => {
  const seal = randomBytes(32).toString('base64url')
  let database: TestDatabase
  let fake: FakeAnthropic
  before(async () => {
    database = await createDatabase()
    fake = await startFakeAnthropic()
  })
  after(async () => {
    await fake.close()
    await database.drop()
  })

  const start = async (t: Scope, jwt: string): Promise<ServerProcess> => startServer(t, {
    settings: { DATA_DIR: await emptyFolder(t), DATABASE_URL: database.url, JWT_SECRET: jwt, ARCHITECT_SEAL: seal, RATE_LIMIT: 'off', LOG_LEVEL: 'fatal', NOVA_TIMEOUT_SECONDS: '300', ...fake.settings },
  })
  const sealed = { 'x-architect-seal': seal }

  /** What effects have left behind, by everything that they write. */
  const traces = async (): Promise<Record<string, string>> => (await database.owner.query(
    `select (select count(*) from notes) as notes, (select count(*) from checkpoints) as checkpoints, (select count(*) from outbox) as outbox,
       (select count(*) from audit_events where action in ('notes.create', 'nova.answered')) as links, (select count(*) from events where name = 'note.created') as events`)).rows[0]

  /** Runs without pause until the system is dormant; how many were answered. A machine that is too busy says so and is asked again. */
  async function flood(person: Client): Promise<number> {
    for (let answered = 0; ;) {
      const { status, body } = await person.post('/api/v2/nova/query', { message: 'Note le lait' })
      if (body.code === 'dormant') return answered
      assert.ok(status === 200 || body.code === 'unavailable', `${status} ${body.code}`)
      if (status === 200) answered += 1
    }
  }

  for (const [upstream, otherwise] of [['healthy', replyTo], ['hanging', (asked: AskedOf) => (asked.body.messages.length > 1 ? replyTo(asked) : 'hang')]] as const satisfies Array<[string, Script]>) {
    test(`SEAL-06, F-24: ${RUNS} runs over ${KILLS} kills, ${upstream} upstream: after the answer no effect commits and no call of the model begins`, async (t) => {
      const jwt = randomBytes(32).toString('base64url')
      const nodes = await Promise.all([start(t, jwt), start(t, jwt)])
      const people: Person[] = await Promise.all(Array.from({ length: 10 }, () => register(nodes[0].url)))
      fake.otherwise(otherwise)
      const tookMs: number[] = []
      let ran = 0

      for (let round = 1; round <= KILLS; round += 1) {
        const asked = fake.requests.length
        const floods = Array.from({ length: RUNS }, (_, n) => flood(client(nodes[n % 2]?.url ?? '', people[n % people.length]?.token)))
        await fake.asked(asked + RUNS)

        const begun = performance.now()
        const killed = await client(nodes[round % 2]?.url ?? '').post('/api/atom/killswitch', { reason: 'flood' }, sealed)
        tookMs.push(performance.now() - begun)
        const atAnswer = await traces()
        const callsAtAnswer = fake.requests.length // After a turn: what had left before the answer has arrived by then.
        ran += (await Promise.all(floods)).reduce((sum, one) => sum + one, 0)
        for (const { url } of nodes) assert.equal((await client(url, people[0]?.token).post('/api/v2/notes', { title: 'x' })).body.code, 'dormant')

        assert.equal(killed.status, 200)
        assert.deepEqual([await traces(), fake.requests.length], [atAnswer, callsAtAnswer])
        const revived = await client(nodes[0].url).post('/api/atom/revive', {}, sealed)
        assert.deepEqual([revived.status, revived.body.integrity.record.valid], [200, true])
      }

      const sorted = tookMs.toSorted((a, b) => a - b)
      t.diagnostic(`${upstream}: ${ran} runs answered; from the kill's request to standstill: median ${sorted[Math.floor(sorted.length / 2)]?.toFixed(0)} ms, slowest ${sorted.at(-1)?.toFixed(0)} ms`)
      for (const { token } of people) assert.equal((await client(nodes[0].url, token).get('/api/v2/governance/audit/verify')).body.valid, true)
    })
  }
})
