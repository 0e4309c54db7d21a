import { readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { dataDirError, ensureDataDir } from '../data-dir.ts'
import { StartupError } from '../startup-error.ts'

const SQLITE_BUSY = 5

// A lock that is only referenced by its holder's closure could be collected, and closing it would release it.
const held = new Set<DatabaseSync>()

/**
 * Makes this process the only server of the data folder. Throws StartupError when another one runs on it.
 *
 * Node has no file lock of its own, but SQLite, which is part of it, takes one: an exclusive transaction on an empty
 * database. The kernel drops it with the process, however that dies, so there is no stale lock and no pid to be
 * mistaken about, and it holds between containers that share the folder.
 * @NOTE Such a lock also goes when this process closes any other handle of the same file: nobody may open instance.lock.
 */
export async function lockInstance(dataDir: string): Promise<{ release(): void }> {
  const folder = await ensureDataDir(dataDir)
  const pidFile = join(folder, 'instance.pid')
  const lock = takeLock(folder, pidFile)
  held.add(lock)
  try {
    writeFileSync(pidFile, `${process.pid}\n`, { mode: 0o600 })
  } catch (error) {
    throw dataDirError(error, folder)
  }
  return {
    release() {
      if (!held.delete(lock)) return
      rmSync(pidFile, { force: true })
      lock.close()
    },
  }
}

function takeLock(folder: string, pidFile: string): DatabaseSync {
  let lock: DatabaseSync | undefined
  try {
    lock = new DatabaseSync(join(folder, 'instance.lock'), { timeout: 0 })
    lock.exec('begin exclusive')
    return lock
  } catch (error) {
    lock?.close()
    const { errcode, message } = error as Error & { errcode?: number }
    if (errcode === SQLITE_BUSY) throw new StartupError(`The data folder ${folder} is in use by another CHE·NU server${holder(pidFile)}; stop that one or set another DATA_DIR.`)
    throw new StartupError(`The data folder ${folder} cannot be locked (${message}); check the rights and the disk, or set another DATA_DIR.`)
  }
}

/** Names the process that holds the lock, when its pid is known and alive: only a hint for the reader. */
function holder(pidFile: string): string {
  try {
    const pid = Number(readFileSync(pidFile, 'utf8'))
    process.kill(pid, 0)
    return pid > 0 ? ` (process ${pid})` : ''
  } catch {
    return ''
  }
}
