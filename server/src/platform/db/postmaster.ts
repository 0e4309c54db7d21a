import type { ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { open, readFile, rename, stat, type FileHandle } from 'node:fs/promises'
import { createServer, type AddressInfo } from 'node:net'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { dataDirError } from '../data-dir.ts'
import { StartupError } from '../startup-error.ts'
import type { Cluster } from './cluster.ts'
import { complaintOf, HERE, spawnTool } from './tool.ts'

/** A running PostgreSQL that accepts connections. */
export type Postmaster = {
  port: number
  /** Resolves when it has ended, by us or not, with how it ended. */
  ended: Promise<string>
  /** Rolls back what is open, writes everything down and ends. */
  stop(): Promise<void>
}

// What must hold whatever postgresql.conf says: durability, who can reach it, and a log without a person's data.
// A message at level ERROR may quote a value ("invalid input syntax: …"), so such lines stay out; LOG, FATAL and PANIC
// lines do not quote, and `terse` drops their details, where the statement would stand.
const FIXED = {
  listen_addresses: '127.0.0.1',
  unix_socket_directories: '',
  fsync: 'on',
  full_page_writes: 'on',
  synchronous_commit: 'on',
  password_encryption: 'scram-sha-256',
  log_destination: 'stderr',
  logging_collector: 'off',
  log_min_messages: 'log',
  log_error_verbosity: 'terse',
  log_statement: 'none',
  log_min_duration_statement: '-1',
  log_min_error_statement: 'panic',
  log_parameter_max_length: '0',
  log_parameter_max_length_on_error: '0',
  log_checkpoints: 'off',
}

const POLL_MS = 10
const STOP_PATIENCE_MS = 10_000
const LOG_BYTES_MAX = 5_000_000
const BIND_ATTEMPTS = 5

/** Starts PostgreSQL on the given port, or on a free one. Throws StartupError with its own complaint. */
export async function startPostmaster(cluster: Cluster, given: { port?: number; log: (line: string) => void }): Promise<Postmaster> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await launch(cluster, given.port ?? await freePort(), given.log)
    } catch (error) {
      // Between choosing a free port and listening on it, another program may take it.
      const taken = error instanceof StartupError && /create any TCP\/IP sockets/.test(error.message)
      if (!taken || given.port !== undefined || attempt === BIND_ATTEMPTS) throw error
    }
  }
}

async function freePort(): Promise<number> {
  const server = createServer()
  await once(server.listen(0, '127.0.0.1'), 'listening')
  const { port } = server.address() as AddressInfo
  await new Promise((resolve) => { server.close(resolve) })
  return port
}

async function launch(cluster: Cluster, port: number, log: (line: string) => void): Promise<Postmaster> {
  const journal = await openJournal(join(cluster.dataDir, 'postgres.log'))
  const { size: before } = await journal.stat()
  try {
    const sizes = cluster.maxConnections === undefined ? {} : { max_connections: cluster.maxConnections }
    const settings = Object.entries({ ...FIXED, ...sizes, port }).flatMap(([name, value]) => ['-c', `${name}=${value}`])
    // Its own process group: Ctrl-C in the terminal must reach the server first, which stops its database last.
    const child = spawnTool(cluster.tools, 'postgres', ['-D', HERE, ...settings], { cwd: cluster.folder, stdio: ['ignore', journal.fd, journal.fd], detached: true })
    const ended = endOf(child)
    if (!(await becomesReady(cluster.folder, child, log))) {
      const complaint = complaintOf(await textSince(journal, before), cluster.folder) ?? await ended
      throw new StartupError(`PostgreSQL did not start on ${cluster.folder}: ${complaint}.`)
    }
    return { port, ended, stop: () => stop(child, ended) }
  } finally {
    await journal.close()
  }
}

async function openJournal(path: string): Promise<FileHandle> {
  try {
    const { size } = await stat(path).catch(() => ({ size: 0 }))
    if (size > LOG_BYTES_MAX) await rename(path, `${path}.1`)
    return await open(path, 'a+', 0o600)
  } catch (error) {
    throw dataDirError(error, path)
  }
}

/** Also ties PostgreSQL to us: when this process exits without having stopped it, it is told to, on the way out. */
function endOf(child: ChildProcess): Promise<string> {
  const onExit = (): void => { child.kill('SIGINT') }
  process.once('exit', onExit)
  return new Promise((resolve) => {
    const settle = (how: string): void => {
      process.off('exit', onExit)
      resolve(how)
    }
    child.once('error', (error) => { settle(error.message) })
    child.once('exit', (code, signal) => { settle(signal ? `ended by ${signal}` : `ended with code ${code}`) })
  })
}

/** False when it ended first. Its pid file says `ready` on line 8 once it accepts connections. After a crash it first replays its log, however long that takes. */
async function becomesReady(folder: string, child: ChildProcess, log: (line: string) => void): Promise<boolean> {
  const patience = setTimeout(() => { log('PostgreSQL is recovering from a crash; this may take a while.') }, 3_000)
  try {
    while (child.exitCode === null && child.signalCode === null) {
      const lines = (await readFile(join(folder, 'postmaster.pid'), 'utf8').catch(() => '')).split('\n')
      if (Number(lines[0]) === child.pid && lines[7]?.trim() === 'ready') return true
      await wait(POLL_MS)
    }
    return false
  } finally {
    clearTimeout(patience)
  }
}

async function textSince(journal: FileHandle, before: number): Promise<string> {
  const { size } = await journal.stat()
  const { buffer, bytesRead } = await journal.read(Buffer.alloc(Math.min(size - before + 1, 20_000)), { position: before })
  return buffer.toString('utf8', 0, bytesRead)
}

async function stop(child: ChildProcess, ended: Promise<string>): Promise<void> {
  const patience = [
    setTimeout(() => child.kill('SIGQUIT'), STOP_PATIENCE_MS),
    setTimeout(() => child.kill('SIGKILL'), 2 * STOP_PATIENCE_MS),
  ]
  child.kill('SIGINT')
  await ended
  for (const timer of patience) clearTimeout(timer)
}
