import { stat } from 'node:fs/promises'
import { dirname } from 'node:path'

/** An account that is neither root nor, where tests run as root, the one that they run as. */
export const NOBODY = 65_534

/** True when every account may enter the folder and all above it. */
export async function isPublic(folder: string): Promise<boolean> {
  const { mode } = await stat(folder)
  return (mode & 0o005) === 0o005 && (folder === '/' || isPublic(dirname(folder)))
}
