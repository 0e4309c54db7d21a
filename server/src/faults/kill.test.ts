import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Client } from 'pg'
import { report } from '../testing/faults/report.ts'
import { roundsOf } from '../testing/faults/rounds.ts'
import { client } from '../testing/person.ts'
import { emptyFolder } from '../testing/process/at-end.ts'
import { eventually } from '../testing/process/eventually.ts'
import { ownerUrlOf, postgresOf } from '../testing/process/postgres-of.ts'
import { createRandom } from '../testing/process/random.ts'
import { killAll, killEverything, killGroup, startServer, type ServerProcess } from '../testing/process/server-process.ts'
import { compare, createLedger, repeatUnanswered, writeUntilDown, type Ledger } from '../testing/process/writers.ts'

const WRITERS = 32
const PEOPLE = 4
const ROUNDS = roundsOf({ short: 3, long: 100 })

type Kill = { what: string; kill(server: ServerProcess): Promise<void>; next(server: ServerProcess, start: () => Promise<ServerProcess>): Promise<ServerProcess> }

const KILLS: Kill[] = [
  { what: 'everything', kill: killEverything, next: (_server, start) => start() },
  {
    what: 'Node alone', kill: killGroup,
    async next({ dataDir }, start) {
      assert.ok((await postgresOf(dataDir)).length > 0, 'PostgreSQL outlives a killed Node')
      return start()
    },
  },
  { what: 'PostgreSQL alone', kill: killPostgres, next: isReadyAgain },
]

async function killPostgres({ dataDir }: ServerProcess): Promise<void> {
  killAll(await postgresOf(dataDir))
}

async function isReadyAgain(server: ServerProcess): Promise<ServerProcess> {
  const since = performance.now()
  await eventually('the same server has its database again', async () => (await client(server.url).get('/ready')).status === 200)
  return { ...server, readyInMs: performance.now() - since }
}

test('F-01, F-02, F-03, IDEM-07: no kill -9 loses an acknowledged write, makes one up or does one twice', async (t) => {
  const dataDir = await emptyFolder(t)
  const start = (): Promise<ServerProcess> => startServer(t, { settings: { DATA_DIR: dataDir, RATE_LIMIT: 'off', LOG_LEVEL: 'warn' } })
  const random = createRandom()
  t.diagnostic(`CHENU_SEED=${random.seed}`)
  let server = await start()
  const ledger = await createLedger(server.url, PEOPLE)

  for (let round = 0; round < ROUNDS; round += 1) {
    const { what, kill, next } = KILLS[round % KILLS.length] ?? assert.fail()
    const before = ledger.acks
    const last = before + random.between(100, 600)
    let killed: Promise<void> | undefined
    await writeUntilDown(server.url, ledger, { count: WRITERS, random, onAck: () => { if (ledger.acks === last) killed = kill(server) } })
    await killed

    server = await next(server, start)
    const repeated = await repeatUnanswered(server.url, ledger)
    await ensureWhole(server, ledger)
    t.diagnostic(`round ${round + 1}: ${what} was killed after ${ledger.acks - before} acknowledged writes; ready again in ${(server.readyInMs / 1_000).toFixed(1)} s; ${repeated} repeated`)
  }
  await ensureSeen(server, ledger)
  report(t, { fault: 'F-01 F-02 F-03', rounds: ROUNDS, cases: ledger.acks, lost: 0, ghosts: 0, doubles: 0, control: 'caught' })
})

/** Positive control: what was never written shows as lost, what was never sent as made up. */
async function ensureSeen({ url }: ServerProcess, ledger: Ledger): Promise<void> {
  const [note] = ledger.notes.values()
  assert(note)
  const renamed = { ...note, title: 'n-never-written' }
  const { lost, ghosts } = await compare(url, { ...ledger, notes: new Map([...ledger.notes, [note.title, { ...note, acked: 0, sent: 0 }], [renamed.title, renamed]]) })
  assert.deepEqual({ lost, ghosts }, { lost: [renamed.title], ghosts: [note.title] })
}

/** Nothing lost, nothing made up, nothing twice; one audit event a write; every chain verifies. */
async function ensureWhole({ url, dataDir }: ServerProcess, ledger: Ledger): Promise<void> {
  const { lost, ghosts, doubles, writes } = await compare(url, ledger)
  assert.deepEqual({ lost, ghosts, doubles }, { lost: [], ghosts: [], doubles: [] })
  assert.equal(await auditedWrites(dataDir), writes)
  for (const { token } of ledger.people) assert.equal((await client(url, token).get('/api/v2/governance/audit/verify')).body.valid, true)
}

async function auditedWrites(dataDir: string): Promise<number> {
  const owner = new Client({ connectionString: await ownerUrlOf(dataDir) })
  await owner.connect()
  try {
    const { rows } = await owner.query(`select count(*)::int as count from audit_events where action in ('notes.create', 'notes.update') and body like '%"outcome":"done"%'`)
    return rows[0].count
  } finally {
    await owner.end()
  }
}
