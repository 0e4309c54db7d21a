// npm run bench [-- --quick] [-- --no-million]: every figure in one run, as a ratio to a bare route in the same process.
import { fork, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { cpus, tmpdir } from 'node:os'
import { join } from 'node:path'
import { startEmbeddedPostgres } from '../server/src/platform/db/embedded.ts'
import { openAsOwner, type Owner } from '../server/src/platform/db/migrate.ts'
import { readSecrets } from '../server/src/platform/secrets.ts'
import { readSettings } from '../server/src/platform/settings.ts'
import { startFakeAnthropic } from '../server/src/testing/fake-anthropic.ts'
import { prepareDatabase } from '../server/src/prepare.ts'
import { BARE_TABLES } from './bare.ts'
import { benchCreate } from './create.ts'
import { benchCycles } from './cycles.ts'
import { benchFanOut } from './fan-out.ts'
import { benchGateOnly } from './gate-only.ts'
import { benchGrowth } from './growth.ts'
import { benchStandstill } from './standstill.ts'
import { registerPeople, type Bench } from './people.ts'

const quick = process.argv.includes('--quick')
const dataDir = await mkdtemp(join(tmpdir(), 'chenu-bench-'))
const fake = await startFakeAnthropic()
const env = { ...fake.settings, DATA_DIR: dataDir, PORT: '0', RATE_LIMIT: 'off', DATABASE_POOL: '16', LOG_LEVEL: 'warn' }
const secrets = await readSecrets(readSettings(env))
const postgres = await startEmbeddedPostgres({ dataDir })
let owner: Owner | undefined
let server: ChildProcess | undefined

try {
  const serverUrl = await prepareDatabase(postgres.ownerUrl, secrets)
  owner = await openAsOwner(postgres.ownerUrl)
  await owner.pool.query(BARE_TABLES)
  server = fork(join(import.meta.dirname, 'server.ts'), { env: { ...process.env, ...env, BENCH_SERVER_URL: serverUrl }, serialization: 'json' })
  const [ready] = await once(server, 'message') as [{ url: string; bareUrl: string }]
  const usage = async (): Promise<{ cpuMs: number; rssMiB: number }> => {
    server?.send('usage')
    const [figures] = await once(server as ChildProcess, 'message') as [{ cpuMs: number; rssMiB: number }]
    return figures
  }
  const bench: Bench = { ...ready, usage, owner, seconds: quick ? 1 : 4, rounds: quick ? 1 : 3, millions: !process.argv.includes('--no-million') && !quick, people: [] }
  bench.people = await registerPeople(bench, 50)
  console.log(`CHE·NU bench: ${cpus().length} × ${cpus()[0]?.model ?? 'cpu'}, Node ${process.version}, one PostgreSQL, load from a second process\n`)
  await benchCreate(bench)
  await benchCycles(bench)
  await benchStandstill(bench, { fake, dataDir })
  benchGateOnly()
  await benchFanOut(bench)
  await benchGrowth(bench)
} finally {
  server?.disconnect()
  await owner?.close()
  await postgres.stop()
  await fake.close()
  await rm(dataDir, { recursive: true, force: true })
}
