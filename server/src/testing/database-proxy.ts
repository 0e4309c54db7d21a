import { once } from 'node:events'
import { connect, createServer, type AddressInfo, type Socket } from 'node:net'
import { Transform } from 'node:stream'
import { serverUrl } from './database.ts'

/** A stand-in for PostgreSQL's port that tests make fail. */
export type DatabaseProxy = {
  /** The same address, through this proxy. */
  through(url: string): string
  /** Works; what hung goes on. */
  pass(): void
  /** Ends every connection and takes none. */
  refuse(): void
  /** Ends every connection, and takes new ones. */
  cut(): void
  /** Keeps connections and takes new ones, and lets nothing through, like a frozen server. */
  hang(): void
  /** Passes everything on so much later in each direction, like a server under load; 0 for at once. */
  slow(ms: number): void
  /** Ends a connection, by chance, when its COMMIT was done and before anybody hears of it; how often it did so until now. */
  loseCommits(chance: () => boolean): () => number
  close(): Promise<void>
}

type Pair = { near: Socket; far: Socket; up: Transform; down: Transform }

export async function startDatabaseProxy(): Promise<DatabaseProxy> {
  const upstream = new URL(serverUrl())
  const pairs = new Set<Pair>()
  let mode: 'pass' | 'refuse' | 'hang' = 'pass'
  let isLost = (): boolean => false
  let lost = 0

  let delayMs = 0
  const delayed = (): Transform => new Transform({
    transform(chunk, _encoding, done) {
      if (delayMs === 0) done(null, chunk)
      else setTimeout(() => { done(null, chunk) }, delayMs)
    },
  })

  const server = createServer((near) => {
    near.on('error', () => {})
    if (mode === 'refuse') {
      near.destroy()
      return
    }
    const far = connect(Number(upstream.port), upstream.hostname)
    const pair = { near, far, up: delayed(), down: delayed() }
    pair.up.pipe(far)
    pair.down.pipe(near)
    pairs.add(pair)
    far.on('error', () => {})
    for (const socket of [near, far]) socket.setNoDelay().on('close', () => { end(pair) })
    // Looked at before it is passed on: what PostgreSQL says once a transaction is durable.
    far.prependListener('data', (chunk: Buffer) => {
      if (!chunk.includes('COMMIT\0') || !isLost()) return
      lost += 1
      end(pair)
    })
    near.pipe(pair.up)
    far.pipe(pair.down)
    if (mode === 'hang') freeze(pair)
  })
  const end = (pair: Pair): void => {
    pairs.delete(pair)
    pair.near.destroy()
    pair.far.destroy()
  }
  const cut = (): void => { for (const pair of pairs) end(pair) }
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return {
    through: (url) => Object.assign(new URL(url), { hostname: '127.0.0.1', port: String((server.address() as AddressInfo).port) }).href,
    cut,
    pass() {
      mode = 'pass'
      for (const { near, far, up, down } of pairs) {
        near.pipe(up)
        far.pipe(down)
      }
    },
    refuse() {
      mode = 'refuse'
      cut()
    },
    hang() {
      mode = 'hang'
      for (const pair of pairs) freeze(pair)
    },
    slow(ms) { delayMs = ms },
    loseCommits(chance) {
      isLost = chance
      return () => lost
    },
    async close() {
      server.close()
      cut()
      await once(server, 'close')
    },
  }
}

function freeze({ near, far }: Pair): void {
  for (const socket of [near, far]) socket.unpipe().pause()
}
