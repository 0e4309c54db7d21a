import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createApp, type App } from '../app.ts'
import { ensureLogin } from '../platform/db/login.ts'
import { openAsOwner } from '../platform/db/migrate.ts'
import type { StoreLimits } from '../platform/db/store.ts'
import { createLog } from '../platform/log.ts'
import { readSecrets } from '../platform/secrets.ts'
import { readSettings } from '../platform/settings.ts'
import { createDatabase, type TestDatabase } from './database.ts'
import { client, register, type Client, type Person } from './person.ts'


/** A clock that tests move. */
export type TestClock = { now(): Date; advance(ms: number): void }

function createClock(): TestClock {
  let shift = 0
  return { now: () => new Date(Date.now() + shift), advance: (ms) => { shift += ms } }
}

export type World = {
  url: string
  app: App
  platform: App['platform']
  owner: TestDatabase['owner']
  database: TestDatabase
  clock: TestClock
  /** Lines that the server logged. */
  logLines: string[]
  seal: string
  /** A client that is not signed in. */
  anyone: Client
  /** Registers a person over HTTP. */
  person(given?: { name?: string; email?: string; password?: string }): Promise<Person>
  /** Another server process' worth of the same instance: same database, same secrets, its own pool. */
  another(): Promise<World>
  close(): Promise<void>
}

export type WorldOptions = {
  settings?: Record<string, string>
  database?: TestDatabase
  dataDir?: string
  clock?: TestClock
  background?: boolean
  /** The database's address as the server is given it, such as that of a proxy. */
  through?: (url: string) => string
  storeLimits?: Partial<StoreLimits>
}

/** A whole server on a free port over a database of its own. Close it in `after`. */
export async function startWorld(options: WorldOptions = {}): Promise<World> {
  const database = options.database ?? await createDatabase()
  const dataDir = options.dataDir ?? await mkdtemp(join(tmpdir(), 'chenu-world-'))
  const clock = options.clock ?? createClock()
  const settings = readSettings({ PORT: '0', RATE_LIMIT: 'off', DATA_DIR: dataDir, DATABASE_POOL: '8', LOG_LEVEL: 'info', SAFEGUARD: 'off', AUDIT_ANCHOR_STDOUT: 'off', ...options.settings })
  const secrets = await readSecrets(settings)
  const owner = await openAsOwner(database.url)
  const serverUrl = await ensureLogin(owner, database.url, secrets.derive('database login'))
  await owner.close()
  const logLines: string[] = []
  const log = createLog(settings.LOG_LEVEL, { write: (line: string) => { logLines.push(line) } })
  const app = await createApp({
    settings, secrets, serverUrl: options.through?.(serverUrl) ?? serverUrl, clock, log, background: options.background ?? false,
    ...(options.storeLimits ? { storeLimits: options.storeLimits } : {}),
  })
  const url = await app.listen()
  const seal = settings.ARCHITECT_SEAL ?? (await readFile(join(dataDir, 'architect-seal'), 'utf8')).trim()
  return {
    url, app, platform: app.platform, owner: database.owner, database, clock, logLines, seal,
    anyone: client(url),
    person: (given) => register(url, given),
    another: () => startWorld({ ...options, database, dataDir, clock }),
    async close() {
      await app.close()
      if (!options.database) {
        await database.drop()
        await rm(dataDir, { recursive: true, force: true })
      }
    },
  }
}
