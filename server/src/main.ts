import { existsSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { createApp, type App } from './app.ts'
import { startEmbeddedPostgres, type EmbeddedPostgres } from './platform/db/embedded.ts'
import { lockInstance } from './platform/db/instance-lock.ts'
import { createLog } from './platform/log.ts'
import { readSecrets } from './platform/secrets.ts'
import { readSettings, type Settings } from './platform/settings.ts'
import { StartupError } from './platform/startup-error.ts'
import { prepareDatabase } from './prepare.ts'

const DRAIN_LIMIT_MS = 10_000

type House = { app: App; postgres: EmbeddedPostgres | null; release: () => Promise<void> }

/** Builds the house from the settings and starts to serve. What was started is stopped when a later step fails. */
async function open(settings: Settings): Promise<House> {
  const lock = await lockInstance(settings.DATA_DIR)
  const undo: Array<() => Promise<void>> = [async () => { await lock.release() }]
  try {
    const log = createLog(settings.LOG_LEVEL)
    const secrets = await readSecrets(settings)
    const postgres = settings.DATABASE_URL ? null : await startEmbeddedPostgres({ dataDir: settings.DATA_DIR, log: (line) => log.warn({ line }, 'postgres') })
    if (postgres) undo.push(() => postgres.stop())
    const serverUrl = await prepareDatabase(settings.DATABASE_URL ?? postgres?.ownerUrl ?? '', secrets)
    const app = await createApp({ settings, secrets, serverUrl, log })
    undo.push(() => app.close())
    greet(await listen(app, settings), settings, secrets.seal.path)
    return { app, postgres, release: async () => { await lock.release() } }
  } catch (error) {
    for (const step of undo.toReversed()) await step().catch(() => {})
    throw error
  }
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

function greet(address: string, settings: Settings, sealPath: string | null): void {
  process.stdout.write([
    '', `  CHE·NU is ready on ${address}`,
    `  docs      ${settings.DOCS === 'on' ? `${address}/docs` : 'off (DOCS=off)'}`,
    `  data      ${resolve(settings.DATA_DIR)}`,
    `  seal      ${sealPath ? resolve(sealPath) : 'from ARCHITECT_SEAL'}`,
    `  planner   ${settings.ANTHROPIC_API_KEY ? settings.NOVA_MODEL : 'offline (ANTHROPIC_API_KEY is not set)'}`, '', '',
  ].join('\n'))
}

/** Ends in order: requests in flight, then the database; after 10 s at once. Ctrl-C arrives twice (npm passes it on): once is enough. */
function closeOnSignals({ app, postgres, release }: House): void {
  let closing = false
  const close = async (code: number): Promise<void> => {
    if (closing) return
    closing = true
    setTimeout(() => process.exit(1), DRAIN_LIMIT_MS).unref()
    await app.close().catch(() => {})
    await postgres?.stop().catch(() => {})
    await release().catch(() => {})
    process.exit(code)
  }
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => { void close(0) })
  // The launcher holds a channel to this process: when it is killed, nobody is left to pass a signal on.
  process.once('disconnect', () => { void close(0) })
  for (const fault of ['uncaughtException', 'unhandledRejection'] as const) {
    process.on(fault, (error: unknown) => {
      app.platform.log.fatal({ error }, fault)
      void close(1)
    })
  }
  postgres?.onExit((reason) => {
    if (closing) return
    process.stderr.write(`PostgreSQL ended unexpectedly (${reason}); CHE·NU stops. Start it again.\n`)
    void close(1)
  })
}

try {
  if (existsSync(join(process.cwd(), '.env'))) process.loadEnvFile(join(process.cwd(), '.env'))
  closeOnSignals(await open(readSettings(process.env)))
} catch (error) {
  process.stderr.write(error instanceof StartupError ? `${error.message}\n` : `CHE·NU could not start: ${error instanceof Error ? error.stack : String(error)}\n`)
  process.exit(1)
}
