import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { Client } from 'pg'
import { ensureDataDir } from '../data-dir.ts'
import { StartupError } from '../startup-error.ts'
import { accountFor, giveTo } from './account.ts'
import { findTools } from './binaries.ts'
import { createCluster, DATABASE, hasCluster, OWNER, ownerPassword, setOwnerPassword, type Cluster } from './cluster.ts'
import { stopLeftovers } from './leftovers.ts'
import { startPostmaster, type Postmaster } from './postmaster.ts'

export type EmbeddedPostgres = {
  /** Address of the instance's database, as its owner, a superuser. */
  ownerUrl: string
  port: number
  /** Stops PostgreSQL and waits for it; closing the pools first is the caller's. */
  stop(): Promise<void>
  /** Tells when PostgreSQL ended by itself and could not be started again; nothing is called after `stop`. */
  onExit(listener: (reason: string) => void): void
}

type Log = (line: string) => void

const WRONG_PASSWORD = '28P01'
const REVIVAL_PATIENCE_MS = 300_000
const REVIVAL_PAUSE_MAX_MS = 2_000

/**
 * Starts the PostgreSQL of an instance, whose cluster is `<dataDir>/postgres`, and makes that first when there is none.
 * The caller holds the instance lock. When PostgreSQL dies it is started again on the same port; meanwhile connections
 * fail. Throws StartupError with the sentence for the operator. See docs/decisions/0001-embedded-postgres.md.
 */
export async function startEmbeddedPostgres(given: { dataDir: string; log?: Log; maxConnections?: number }): Promise<EmbeddedPostgres> {
  const { log = () => {}, maxConnections } = given
  const dataDir = await ensureDataDir(given.dataDir)
  const folder = join(dataDir, 'postgres')
  const cluster: Cluster = { dataDir, folder, tools: await findTools(await accountFor(folder)), maxConnections }
  const password = await ownerPassword(dataDir)
  await prepare(cluster, password, log)
  const postmaster = await startPostmaster(cluster, { log })
  const ownerUrl = `postgres://${OWNER}:${password}@127.0.0.1:${postmaster.port}/${DATABASE}`
  return { ownerUrl, port: postmaster.port, ...supervise(cluster, await admitted(cluster, postmaster, { ownerUrl, password, log }), log) }
}

async function prepare(cluster: Cluster, password: string, log: Log): Promise<void> {
  await stopLeftovers(cluster.folder, log)
  if (await hasCluster(cluster)) {
    await giveTo(cluster.tools.account, cluster.folder)
    return
  }
  log('Creating the database: this happens once.')
  await createCluster(cluster, password)
}

/** Signs in once. A password that is not the cluster's (its file was lost, or comes from another backup) is set anew: the folder's owner owns both. */
async function admitted(cluster: Cluster, postmaster: Postmaster, given: { ownerUrl: string; password: string; log: Log }): Promise<Postmaster> {
  const refusal = await refusalOf(given.ownerUrl)
  if (refusal === undefined) return postmaster
  await postmaster.stop()
  if (refusal.code !== WRONG_PASSWORD) throw new StartupError(`PostgreSQL started on ${cluster.folder} but refuses its owner: ${refusal.message}.`)
  given.log('Setting the password of the database’s owner again: the kept one was not its own.')
  await setOwnerPassword(cluster, given.password)
  return startPostmaster(cluster, { port: postmaster.port, log: given.log })
}

async function refusalOf(url: string): Promise<(Error & { code?: string }) | undefined> {
  const client = new Client({ connectionString: url, connectionTimeoutMillis: 10_000 })
  client.on('error', () => {})
  try {
    await client.connect()
    return undefined
  } catch (error) {
    return error as Error
  } finally {
    await client.end().catch(() => {})
  }
}

function supervise(cluster: Cluster, first: Postmaster, log: Log): Pick<EmbeddedPostgres, 'stop' | 'onExit'> {
  const listeners: Array<(reason: string) => void> = []
  const stopping = new AbortController()
  let current: Postmaster | undefined = first

  const watch = async (): Promise<void> => {
    while (current && !stopping.signal.aborted) {
      const how = await current.ended
      if (stopping.signal.aborted) return
      log(`PostgreSQL ${how}; starting it again.`)
      current = await revive(cluster, { port: first.port, signal: stopping.signal, log })
    }
    if (!stopping.signal.aborted) for (const listener of listeners) listener('it does not start again; see postgres.log in the data folder')
  }
  const watched = watch()

  return {
    onExit(listener) { listeners.push(listener) },
    async stop() {
      stopping.abort()
      await current?.stop()
      await watched // A revival in progress may still bring one up, which ends here too.
      await current?.stop()
    },
  }
}

/** Tries until it runs, is not wanted any more, or for five minutes: a disk that is full may be emptied meanwhile. */
async function revive(cluster: Cluster, given: { port: number; signal: AbortSignal; log: Log }): Promise<Postmaster | undefined> {
  const deadline = Date.now() + REVIVAL_PATIENCE_MS
  for (let pauseMs = 50; !given.signal.aborted && Date.now() < deadline; pauseMs = Math.min(2 * pauseMs, REVIVAL_PAUSE_MAX_MS)) {
    try {
      await stopLeftovers(cluster.folder, () => {})
      return await startPostmaster(cluster, given)
    } catch (error) {
      given.log((error as Error).message)
      await wait(pauseMs, undefined, { signal: given.signal }).catch(() => {})
    }
  }
  return undefined
}
