import { constants } from 'node:fs'
import { access, mkdir, stat } from 'node:fs/promises'
import { dirname, resolve } from 'node:path'
import { StartupError } from './startup-error.ts'

/** Makes the data folder when it is missing, proves that it can be written, and answers its absolute path. */
export async function ensureDataDir(dataDir: string): Promise<string> {
  const folder = resolve(dataDir)
  try {
    await makeFolder(folder)
    await access(folder, constants.R_OK | constants.W_OK | constants.X_OK)
  } catch (error) {
    throw dataDirError(error, folder)
  }
  return folder
}

/** One level at a time: where a level cannot be made, as under /proc, the recursive call of the system never ends. */
async function makeFolder(folder: string): Promise<void> {
  const parent = dirname(folder)
  try {
    await mkdir(folder, { mode: 0o700 })
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    if (code === 'EEXIST' && (await stat(folder)).isDirectory()) return
    if (code !== 'ENOENT' || parent === folder || await isFolder(parent)) throw error
    await makeFolder(parent)
    await mkdir(folder, { mode: 0o700 })
  }
}

const isFolder = async (path: string): Promise<boolean> => (await stat(path).catch(() => undefined))?.isDirectory() ?? false

/** The sentence for a failure to read or write under the data folder; other errors pass unchanged. */
export function dataDirError(error: unknown, path: string): unknown {
  switch ((error as NodeJS.ErrnoException).code) {
    case 'EEXIST':
    case 'ENOTDIR': return new StartupError(`The data folder ${path} is a file or lies below one; set DATA_DIR to a folder.`)
    case 'ENOENT': return new StartupError(`The data folder ${path} cannot be made there; set DATA_DIR to another place.`)
    case 'EACCES':
    case 'EPERM': return new StartupError(`The data folder ${path} cannot be read and written by this account; change its owner or set DATA_DIR.`)
    case 'EROFS': return new StartupError(`The data folder ${path} is on a read-only disk; set DATA_DIR to a folder that can be written.`)
    case 'ENOSPC':
    case 'EDQUOT': return new StartupError(`The disk of the data folder ${path} is full; free some space and start again.`)
    case 'EIO': return new StartupError(`The disk of the data folder ${path} reports errors; check it before starting again.`)
    default: return error
  }
}
