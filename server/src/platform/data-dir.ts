import { constants } from 'node:fs'
import { access, mkdir } from 'node:fs/promises'
import { resolve } from 'node:path'
import { StartupError } from './startup-error.ts'

/** Makes the data folder when it is missing, proves that it can be written, and answers its absolute path. */
export async function ensureDataDir(dataDir: string): Promise<string> {
  const folder = resolve(dataDir)
  try {
    await mkdir(folder, { recursive: true, mode: 0o700 })
    await access(folder, constants.R_OK | constants.W_OK | constants.X_OK)
  } catch (error) {
    throw dataDirError(error, folder)
  }
  return folder
}

/** The sentence for a failure to read or write under the data folder; other errors pass unchanged. */
export function dataDirError(error: unknown, path: string): unknown {
  switch ((error as NodeJS.ErrnoException).code) {
    case 'EEXIST':
    case 'ENOTDIR': return new StartupError(`The data folder ${path} is a file or lies below one; set DATA_DIR to a folder.`)
    case 'EACCES':
    case 'EPERM': return new StartupError(`The data folder ${path} cannot be read and written by this account; change its owner or set DATA_DIR.`)
    case 'EROFS': return new StartupError(`The data folder ${path} is on a read-only disk; set DATA_DIR to a folder that can be written.`)
    case 'ENOSPC':
    case 'EDQUOT': return new StartupError(`The disk of the data folder ${path} is full; free some space and start again.`)
    case 'EIO': return new StartupError(`The disk of the data folder ${path} reports errors; check it before starting again.`)
    default: return error
  }
}
