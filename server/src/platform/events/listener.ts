import { Client } from 'pg'
import type { Log } from '../log.ts'

/** Hears PostgreSQL's notices over a connection of its own, which is opened again whenever it is lost. */
export type Listener = {
  /** Hears a channel; to be called before `start`. */
  on(channel: string, hear: (payload: string) => void): void
  /** Called whenever the connection stands (again): notices may have been missed before. */
  onUp(catchUp: () => void): void
  isUp(): boolean
  /** Settles after the first attempt; further ones go on behind it. */
  start(): Promise<void>
  stop(): Promise<void>
}

const CONNECT_TIMEOUT_MS = 3_000
const RETRY_FIRST_MS = 100
const RETRY_LAST_MS = 2_000
/** A connection whose other end vanished says nothing; a question each 5 s finds out. */
const PROBE_MS = 5_000
const CHANNEL_NAME = /^[a-z_]+$/

export function createListener({ url, log }: { url: string; log: Log }): Listener {
  const heard = new Map<string, (payload: string) => void>()
  const catchUps: Array<() => void> = []
  let client: Client | undefined
  let stopped = true
  let retryMs = RETRY_FIRST_MS
  let timer: NodeJS.Timeout | undefined

  async function connect(): Promise<void> {
    const fresh = new Client({ connectionString: url, application_name: 'chenu-listen', keepAlive: true, connectionTimeoutMillis: CONNECT_TIMEOUT_MS, query_timeout: CONNECT_TIMEOUT_MS })
    let gone = false
    const lost = (because?: Error): void => {
      if (gone) return
      gone = true
      if (client === fresh) client = undefined
      fresh.end().catch(() => {}) // It is lost already; what its end says changes nothing.
      if (!stopped) retryLater(because)
    }
    fresh.on('error', lost)
    fresh.on('end', () => { lost() })
    fresh.on('notification', ({ channel, payload }) => heard.get(channel)?.(payload ?? ''))
    try {
      await fresh.connect()
      for (const channel of heard.keys()) await fresh.query(`listen ${channel}`)
    } catch (error) {
      return lost(error as Error)
    }
    if (stopped || gone) return lost()
    client = fresh
    retryMs = RETRY_FIRST_MS
    probeLater(fresh, lost)
    for (const catchUp of catchUps) catchUp()
  }

  function probeLater(of: Client, lost: (error?: Error) => void): void {
    timer = setTimeout(() => {
      of.query('select 1').then(() => { if (client === of) probeLater(of, lost) }, lost)
    }, PROBE_MS).unref()
  }

  function retryLater(error?: Error): void {
    log.warn({ error, retry_ms: retryMs }, 'the listening connection is lost')
    clearTimeout(timer)
    timer = setTimeout(() => { void connect() }, retryMs).unref()
    retryMs = Math.min(retryMs * 2, RETRY_LAST_MS)
  }

  return {
    on(channel, hear) {
      if (!CHANNEL_NAME.test(channel) || !stopped) throw new TypeError(`Cannot listen to ${channel} now`)
      heard.set(channel, hear)
    },
    onUp: (catchUp) => { catchUps.push(catchUp) },
    isUp: () => client !== undefined,
    async start() {
      stopped = false
      await connect()
    },
    async stop() {
      stopped = true
      clearTimeout(timer)
      const last = client
      client = undefined
      await last?.end()
    },
  }
}
