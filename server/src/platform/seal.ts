import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto'
import { readFile, stat } from 'node:fs/promises'

/** The Architect's seal: compared in constant time, of which only a keyed hash stays in memory. */
export type Seal = {
  /** File that holds a generated seal; null when a setting gives it. */
  path: string | null
  matches(given: string): Promise<boolean>
}

const hasher = () => {
  const key = randomBytes(32)
  return (text: string): Buffer => createHmac('sha256', key).update(text).digest()
}

export function fixedSeal(seal: string): Seal {
  const hash = hasher()
  const expected = hash(seal)
  return { path: null, matches: async (given) => timingSafeEqual(hash(given), expected) }
}

/** A seal kept in a file: replacing the file rotates the seal at once, without a restart. */
export function fileSeal(path: string): Seal {
  const hash = hasher()
  let expected: { version: string; digest: Buffer } | undefined
  return {
    path,
    async matches(given) {
      const { mtimeMs, ino, size } = await stat(path)
      const version = `${ino}/${size}/${mtimeMs}`
      if (expected?.version !== version) expected = { version, digest: hash((await readFile(path, 'utf8')).trim()) }
      return timingSafeEqual(hash(given), expected.digest)
    },
  }
}
