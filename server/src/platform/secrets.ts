import { createHmac, randomBytes } from 'node:crypto'
import { mkdir, open, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileSeal, fixedSeal, type Seal } from './seal.ts'
import { StartupError } from './startup-error.ts'
import type { Settings } from './settings.ts'

/** The secrets of one instance, apart from the settings so that no one prints them with those. */
export type Secrets = {
  /** Signs access tokens (HS256), at least 32 bytes. */
  jwt: Uint8Array
  /** The Architect's seal, of which only a hash stays in memory. */
  seal: Seal
  /** A key for one purpose, derived from the JWT secret so that all nodes of one instance share it. */
  derive(purpose: string): Buffer
}

const SHORTEST_SECRET = 32
const EXAMPLES = /change.?me|example|secret|password|^(.)\1*$/i

/** Takes secrets from the settings, or generates them once into the data folder (mode 600). */
export async function readSecrets(settings: Settings): Promise<Secrets> {
  const folder = join(settings.DATA_DIR, 'secrets')
  const jwt = settings.JWT_SECRET ?? await kept(folder, 'jwt')
  const seal = settings.ARCHITECT_SEAL ?? await kept(settings.DATA_DIR, 'architect-seal')
  ensureStrong('JWT_SECRET', jwt)
  ensureStrong('ARCHITECT_SEAL', seal)
  if (jwt === seal) throw new StartupError('JWT_SECRET and ARCHITECT_SEAL must differ.')
  return {
    jwt: Buffer.from(jwt),
    seal: settings.ARCHITECT_SEAL ? fixedSeal(seal) : fileSeal(join(settings.DATA_DIR, 'architect-seal')),
    derive: (purpose) => createHmac('sha256', jwt).update(`chenu/${purpose}`).digest(),
  }
}

function ensureStrong(name: string, secret: string): void {
  if (Buffer.byteLength(secret) < SHORTEST_SECRET) throw new StartupError(`${name} must be at least ${SHORTEST_SECRET} bytes long.`)
  if (EXAMPLES.test(secret) || new Set(secret).size < 8) throw new StartupError(`${name} looks like an example; generate a random one.`)
}

/** Reads the secret kept in a file, or makes one: 256 random bits, written and synced before it is used. */
async function kept(folder: string, name: string): Promise<string> {
  await mkdir(folder, { recursive: true, mode: 0o700 })
  const path = join(folder, name)
  try {
    const file = await open(path, 'wx', 0o600)
    const secret = randomBytes(32).toString('base64url')
    await file.writeFile(`${secret}\n`)
    await file.sync()
    await file.close()
    return secret
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw new StartupError(`The data folder cannot be written: ${path}.`)
    return (await readFile(path, 'utf8').catch(() => { throw new StartupError(`The secret in ${path} cannot be read.`) })).trim()
  }
}
