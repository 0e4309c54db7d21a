import { existsSync } from 'node:fs'
import { join, resolve } from 'node:path'
import type { App } from './app.ts'
import { startEmbeddedPostgres } from './platform/db/embedded.ts'
import { lockInstance } from './platform/db/instance-lock.ts'
import { createLog, type Log } from './platform/log.ts'
import { readSecrets, type Secrets } from './platform/secrets.ts'
import { readSettings, SettingsSchema, type Settings } from './platform/settings.ts'
import { createShutdown, type Shutdown } from './platform/shutdown.ts'
import { StartupError } from './platform/startup-error.ts'
import { prepareDatabase } from './prepare.ts'

/** Builds the house from the settings and starts to serve. Each thing that was started says at once how it ends. */
async function open(settings: Settings, shutdown: Shutdown): Promise<void> {
  const lock = await lockInstance(settings.DATA_DIR)
  shutdown.add(() => lock.release())
  const log = createLog(settings.LOG_LEVEL)
  shutdown.onFault((fault, error) => log.fatal({ error }, fault))
  const secrets = await readSecrets(settings)
  const loading = import('./app.ts') // While PostgreSQL starts, which takes as long.
  loading.catch(() => {})
  const ownerUrl = settings.DATABASE_URL ?? await openDatabase(settings, log, shutdown)
  const serverUrl = await prepareDatabase(ownerUrl, secrets)
  shutdown.check()
  const { createApp } = await loading
  const app = await createApp({ settings, secrets, serverUrl, log })
  shutdown.add(() => app.close())
  greet(await listen(app, settings), settings, secrets)
}

/** Adds what .env says. A setting that is given empty is not given: libraries, which read the environment too, must see it so. */
function readEnvironment(): void {
  const file = join(process.cwd(), '.env')
  if (existsSync(file)) process.loadEnvFile(file)
  for (const name of Object.keys(SettingsSchema.shape)) if (process.env[name]?.trim() === '') delete process.env[name]
}

async function openDatabase({ DATA_DIR }: Settings, log: Log, shutdown: Shutdown): Promise<string> {
  const postgres = await startEmbeddedPostgres({ dataDir: DATA_DIR, log: (line) => log.warn({ line }, 'postgres') })
  postgres.onExit((reason) => {
    if (shutdown.begin(1)) process.stderr.write(`PostgreSQL ended unexpectedly (${reason}); CHE·NU stops. Start it again.\n`)
  })
  shutdown.add(() => postgres.stop())
  return postgres.ownerUrl
}

async function listen(app: App, { HOST, PORT }: Settings): Promise<string> {
  try {
    return await app.listen()
  } catch (error) {
    const { code } = error as { code?: string }
    if (code === 'EADDRINUSE') throw new StartupError(`Port ${PORT} on ${HOST} is taken; stop what listens there or set PORT.`)
    if (code === 'EACCES' || code === 'EADDRNOTAVAIL' || code === 'ENOTFOUND') throw new StartupError(`HOST ${HOST} and PORT ${PORT} cannot be listened on (${code}).`)
    throw error
  }
}

function greet(address: string, settings: Settings, { seal, operator }: Secrets): void {
  process.stdout.write([
    '', `  CHE·NU is ready on ${address}`,
    `  docs      ${settings.DOCS === 'on' ? `${address}/docs` : 'off (DOCS=off)'}`,
    `  data      ${resolve(settings.DATA_DIR)}`,
    `  seal      ${seal.path ? resolve(seal.path) : 'from ARCHITECT_SEAL'}`,
    `  operator  ${operator.path ? resolve(operator.path) : 'from OPERATOR_KEY'}`,
    `  planner   ${settings.ANTHROPIC_API_KEY ? settings.NOVA_MODEL : 'offline (ANTHROPIC_API_KEY is not set)'}`, '', '',
  ].join('\n'))
}

const shutdown = createShutdown()
try {
  readEnvironment()
  await open(readSettings(process.env), shutdown)
  shutdown.opened()
} catch (error) {
  // What fails after a signal or a fault is its consequence.
  if (shutdown.begin(1)) process.stderr.write(error instanceof StartupError ? `${error.message}\n` : `CHE·NU could not start: ${error instanceof Error ? error.stack : String(error)}\n`)
  await shutdown.end()
}
