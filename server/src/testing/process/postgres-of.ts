import { readdir, readFile, stat } from 'node:fs/promises'
import { join } from 'node:path'

/** True while a process of that number runs; a zombie that nobody has asked about does not. */
export async function isAlive(pid: number): Promise<boolean> {
  try {
    process.kill(pid, 0)
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM'
  }
  const line = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => '')
  return !/^\d+ \(.*\) Z/s.test(line)
}

/** Every living process of PostgreSQL that works in the cluster of a data folder. */
export async function postgresOf(dataDir: string): Promise<number[]> {
  const cluster = join(dataDir, 'postgres')
  if (process.platform !== 'linux') {
    const pid = await postmasterPid(dataDir)
    return pid !== undefined && await isAlive(pid) ? [pid] : []
  }
  const here = await stat(cluster).catch(() => undefined)
  if (!here) return []
  const pids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name)).map(Number)
  const inside = await Promise.all(pids.map(async (pid) => {
    const cwd = await stat(`/proc/${pid}/cwd`).catch(() => undefined)
    return cwd?.ino === here.ino && cwd.dev === here.dev && isAlive(pid)
  }))
  return pids.filter((_, index) => inside[index])
}

async function postmasterPid(dataDir: string): Promise<number | undefined> {
  const text = await readFile(join(dataDir, 'postgres', 'postmaster.pid'), 'utf8').catch(() => '')
  return Number.parseInt(text, 10) || undefined
}

/** The address of the embedded database of a running server, as its owner. */
export async function ownerUrlOf(dataDir: string): Promise<string> {
  const password = (await readFile(join(dataDir, 'secrets', 'postgres-owner'), 'utf8')).trim()
  const port = (await readFile(join(dataDir, 'postgres', 'postmaster.pid'), 'utf8')).split('\n')[3]
  return `postgres://chenu:${password}@127.0.0.1:${port}/chenu`
}
