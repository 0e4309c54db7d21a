import { randomBytes } from 'node:crypto'
import { mkdir, open, readdir, readFile, rename, rm, rmdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { dataDirError } from '../data-dir.ts'
import { StartupError } from '../startup-error.ts'
import { giveTo } from './account.ts'
import { HERE, runTool, type Tools } from './tool.ts'

/** PostgreSQL's own folder of one instance, below its data folder. */
export type Cluster = {
  dataDir: string
  folder: string
  tools: Tools
  /** Connections at most; undefined leaves it to postgresql.conf. */
  maxConnections: number | undefined
}

/** Role that owns everything, and the database of the instance. */
export const OWNER = 'chenu'
export const DATABASE = 'chenu'

// Sizes of a small server. They land in postgresql.conf, where an operator may change them; see postmaster.ts for the rest.
const SIZES = ['timezone=UTC', 'log_timezone=UTC', 'max_connections=100', 'shared_buffers=128MB', 'max_logical_replication_workers=0']

const ACCESS = `# Only this machine, only with a password.
host all         all 127.0.0.1/32 scram-sha-256
host replication all 127.0.0.1/32 scram-sha-256
`

/** True when the cluster exists. Throws StartupError when its folder holds something that cannot be used. */
export async function hasCluster({ folder, tools }: Cluster): Promise<boolean> {
  const found = await readFile(join(folder, 'PG_VERSION'), 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return undefined
    if (error.code === 'EACCES') throw new StartupError(`The database in ${folder} belongs to another account; start the server as root or as that account, or give the folder to yours.`)
    throw dataDirError(error, folder)
  })
  if (found === undefined) return !(await isFree(folder))
  if (found.trim() !== tools.major) throw new StartupError(`The database in ${folder} was made by PostgreSQL ${found.trim()} and this server has ${tools.major}; dump it with the former release and restore it, or set DATABASE_URL.`)
  return true
}

/** True when nothing stands at the cluster's place; an empty folder there is removed. */
async function isFree(folder: string): Promise<boolean> {
  const content = await readdir(folder).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return undefined
    throw dataDirError(error, folder)
  })
  if (content === undefined) return true
  if (content.length > 0) throw new StartupError(`The folder ${folder} is not a PostgreSQL database (it has no PG_VERSION); restore it from a backup or move it away.`)
  await rmdir(folder)
  return true
}

/** Makes the cluster beside its place and renames it when it is whole, database and password included: half a one never has the name. */
export async function createCluster(cluster: Cluster, password: string): Promise<void> {
  const fresh = { ...cluster, folder: `${cluster.folder}.new` }
  try {
    await rm(fresh.folder, { recursive: true, force: true, maxRetries: 10 })
    await mkdir(fresh.folder, { mode: 0o700 })
    await giveTo(cluster.tools.account, fresh.folder)
    await initialise(fresh)
    await writeFile(join(fresh.folder, 'pg_hba.conf'), ACCESS)
    await runAlone(fresh, [`alter role ${OWNER} password '${password}'`, `create database ${DATABASE}`])
    await rename(fresh.folder, cluster.folder)
    await syncFolder(cluster.dataDir)
  } catch (error) {
    const known = dataDirError(error, cluster.dataDir)
    throw known === error ? new StartupError(`PostgreSQL could not create its database in ${cluster.folder}: ${(error as Error).message}.`) : known
  }
}

/**
 * The builtin C.UTF-8 sorts by code point on every machine and release, so an index survives a move and an upgrade of
 * the system; lists that a person reads ask for an ICU collation in their query. Nobody can sign in until ACCESS is written.
 */
const initialise = ({ folder, tools }: Cluster): Promise<string> =>
  runTool(tools, 'initdb', [
    '--pgdata', HERE, '--username', OWNER, '--auth', 'reject', '--encoding', 'UTF8',
    '--locale-provider', 'builtin', '--builtin-locale', 'C.UTF-8', '--locale', 'C', '--no-instructions',
    ...SIZES.flatMap((size) => ['--set', size]),
  ], { cwd: folder })

/** Runs statements, one a line, in a PostgreSQL without network, which asks no password. The cluster must be at rest. */
const runAlone = ({ folder, tools }: Cluster, statements: string[]): Promise<string> =>
  runTool(tools, 'postgres', ['--single', '-D', HERE, '-c', 'exit_on_error=on', '-c', 'log_checkpoints=off', 'postgres'], { cwd: folder, input: `${statements.join('\n')}\n` })

/** Makes the owner's password in the cluster the given one; the cluster must be at rest. */
export const setOwnerPassword = (cluster: Cluster, password: string): Promise<string> =>
  runAlone(cluster, [`alter role ${OWNER} password '${password}'`])

/** The owner's password, 256 random bits: kept in the data folder, made when it is missing. */
export async function ownerPassword(dataDir: string): Promise<string> {
  const path = join(dataDir, 'secrets', 'postgres-owner')
  try {
    const kept = await readFile(path, 'utf8').catch((error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT') return ''
      throw error
    })
    if (/^[\w-]{43}$/.test(kept.trim())) return kept.trim()
    const password = randomBytes(32).toString('base64url')
    await writeSecret(path, `${password}\n`)
    return password
  } catch (error) {
    throw dataDirError(error, path)
  }
}

async function writeSecret(path: string, secret: string): Promise<void> {
  const folder = join(path, '..')
  await mkdir(folder, { recursive: true, mode: 0o700 })
  await rm(`${path}.new`, { force: true })
  const file = await open(`${path}.new`, 'wx', 0o600)
  await file.writeFile(secret)
  await file.sync()
  await file.close()
  await rename(`${path}.new`, path)
  await syncFolder(folder)
}

/** A new name is durable only when its folder is on the disk too. */
async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder, 'r')
  await handle.sync()
  await handle.close()
}
