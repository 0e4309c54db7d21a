import { execFileSync } from 'node:child_process'
import { readdir, readFile, rm, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { StartupError } from '../startup-error.ts'

/** Polite first: fast shutdown, then immediate, then no question. Nothing acknowledged is lost by any of them. */
const STEPS = [
  { signal: 'SIGINT', patienceMs: 10_000 },
  { signal: 'SIGQUIT', patienceMs: 6_000 },
  { signal: 'SIGKILL', patienceMs: 3_000 },
] as const

/**
 * Stops what a former run left of the cluster's PostgreSQL when its Node process was killed: a whole server, or only
 * workers whose server was killed too. The caller holds the instance lock, so nobody else needs them.
 */
export async function stopLeftovers(folder: string, log: (line: string) => void): Promise<void> {
  let pids = await processesOf(folder)
  if (pids.length > 0) log('Stopping the PostgreSQL that a former run left behind.')
  for (const { signal, patienceMs } of STEPS) {
    if (pids.length === 0) break
    const server = await serverPid(folder)
    // Workers alone ignore a polite SIGINT between two statements; without their server only SIGQUIT ends them all.
    const targets = signal === 'SIGINT' ? pids.filter((pid) => pid === server) : pids
    for (const pid of targets) kill(pid, signal)
    const deadline = Date.now() + (signal === 'SIGINT' && targets.length === 0 ? 0 : patienceMs)
    while (Date.now() < deadline && (pids = await processesOf(folder)).length > 0) await wait(20)
  }
  if (pids.length > 0) throw new StartupError(`A PostgreSQL of a former run (process ${pids[0]}) does not stop; end it and start again.`)
  // The number in a stale file may belong to another program by now, or to a zombie: PostgreSQL would take it for a server.
  await rm(join(folder, 'postmaster.pid'), { force: true })
}

async function serverPid(folder: string): Promise<number | undefined> {
  const content = await readFile(join(folder, 'postmaster.pid'), 'utf8').catch(() => '')
  return Number.parseInt(content, 10) || undefined
}

function kill(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal)
  } catch {
    // It ended in the meantime; the next look tells.
  }
}

/** The living processes of PostgreSQL that work in this folder, whoever started them. */
const processesOf = (folder: string): Promise<number[]> => (process.platform === 'linux' ? processesInside(folder) : processesNamed(folder))

async function processesInside(folder: string): Promise<number[]> {
  const here = await stat(folder).catch(() => undefined)
  if (!here) return []
  const pids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name))
  const mine = await Promise.all(pids.map(async (pid) => {
    const cwd = await stat(`/proc/${pid}/cwd`).catch(() => undefined)
    if (cwd?.ino !== here.ino || cwd.dev !== here.dev) return false
    return (await readFile(`/proc/${pid}/comm`, 'utf8').catch(() => '')).trim() === 'postgres'
  }))
  return pids.filter((_, index) => mine[index]).map(Number)
}

/** Without /proc only the server itself can be found: by its pid file, when the process of that number is a postgres. */
async function processesNamed(folder: string): Promise<number[]> {
  const pid = await serverPid(folder)
  if (pid === undefined) return []
  try {
    const command = execFileSync('ps', ['-o', 'comm=', '-p', String(pid)], { encoding: 'utf8' })
    return command.trim().endsWith('postgres') ? [pid] : []
  } catch {
    return []
  }
}
