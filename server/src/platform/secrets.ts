import { createHmac, randomBytes } from 'node:crypto'
import { link, mkdir, open, readFile, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { fileSeal, fixedSeal, type Seal } from './seal.ts'
import { StartupError } from './startup-error.ts'
import type { Settings } from './settings.ts'

/** The secrets of one instance, apart from the settings so that no one prints them with those. */
export type Secrets = {
  /** Signs access tokens (HS256), at least 32 bytes. */
  jwt: Uint8Array
  /** What signed before the last change of JWT_SECRET, while JWT_SECRET_PREVIOUS says so; null for nothing. */
  previous: { jwt: Uint8Array; derive(purpose: string): Buffer } | null
  /** The Architect's seal, of which only a hash stays in memory. */
  seal: Seal
  /** Ed25519 seed that signs the record's checkpoints. */
  auditSigning: Buffer
  /** The operator's key, which holds agents back and lets them go on; kept like the seal. */
  operator: Seal
  /** A key for one purpose, derived from the JWT secret so that all nodes of one instance share it. */
  derive(purpose: string): Buffer
}

const SHORTEST_SECRET = 32
const EXAMPLES = /change.?me|example|secret|password|your.?(jwt|key|token|own|\d)|qwerty|letmein|0123456789|abcdefghij|^(.)\2*$/i
/** A word said over and over, until it is long enough. */
const REPEATED = /^(.{1,31}?)\1+.{0,30}$/s

/** Takes secrets from the settings, or generates them once into the data folder (mode 600). */
export async function readSecrets(settings: Settings): Promise<Secrets> {
  const folder = join(settings.DATA_DIR, 'secrets')
  const jwt = settings.JWT_SECRET ?? await kept(folder, 'jwt')
  const seal = settings.ARCHITECT_SEAL ?? await kept(settings.DATA_DIR, 'architect-seal')
  const operator = settings.OPERATOR_KEY ?? await kept(settings.DATA_DIR, 'operator-key')
  ensureStrong('JWT_SECRET', jwt)
  ensureStrong('ARCHITECT_SEAL', seal)
  ensureStrong('OPERATOR_KEY', operator)
  const previous = settings.JWT_SECRET_PREVIOUS
  if (previous !== undefined) ensureStrong('JWT_SECRET_PREVIOUS', previous)
  ensureDifferent([['JWT_SECRET', jwt], ['ARCHITECT_SEAL', seal], ['OPERATOR_KEY', operator], ...(previous === undefined ? [] : [['JWT_SECRET_PREVIOUS', previous] as [string, string]])])
  const auditSigning = Buffer.from(settings.AUDIT_SIGNING_KEY ?? await kept(folder, 'audit-signing'), 'base64url')
  if (auditSigning.length !== SHORTEST_SECRET) throw new StartupError('AUDIT_SIGNING_KEY must be 32 bytes in base64url.')
  return {
    jwt: Buffer.from(jwt),
    auditSigning,
    previous: previous === undefined ? null : { jwt: Buffer.from(previous), derive: deriveFrom(previous) },
    seal: settings.ARCHITECT_SEAL ? fixedSeal(seal) : fileSeal(join(settings.DATA_DIR, 'architect-seal')),
    operator: settings.OPERATOR_KEY ? fixedSeal(operator) : fileSeal(join(settings.DATA_DIR, 'operator-key')),
    derive: deriveFrom(jwt),
  }
}

const deriveFrom = (secret: string) => (purpose: string): Buffer => createHmac('sha256', secret).update(`chenu/${purpose}`).digest()

function ensureStrong(name: string, secret: string): void {
  if (Buffer.byteLength(secret) < SHORTEST_SECRET) throw new StartupError(`${name} must be at least ${SHORTEST_SECRET} bytes long.`)
  if (EXAMPLES.test(secret) || new Set(secret).size < 8 || REPEATED.test(secret)) throw new StartupError(`${name} looks like an example; generate a random one.`)
}

/** Two of our own settings, compared once at the start. */
function ensureDifferent(all: Array<[string, string]>): void {
  for (const [index, [name, text]] of all.entries()) {
    const twin = all.slice(index + 1).find(([, other]) => other === text)
    if (twin) throw new StartupError(`${name} and ${twin[0]} must differ.`)
  }
}

/** Reads the secret kept in a file, or makes one of 256 random bits: written whole and synced before its name exists. */
async function kept(folder: string, name: string): Promise<string> {
  const path = join(folder, name)
  const draft = `${path}.${randomBytes(6).toString('hex')}.new`
  try {
    await mkdir(folder, { recursive: true, mode: 0o700 })
    const found = await readFile(path, 'utf8').catch((error: NodeJS.ErrnoException) => { if (error.code !== 'ENOENT') throw error })
    if (found?.trim()) return found.trim()
    await writeSynced(draft, `${randomBytes(32).toString('base64url')}\n`)
    // `link` fails when another process was faster: then its secret is the one.
    if (found === undefined) await link(draft, path).catch((error: NodeJS.ErrnoException) => { if (error.code !== 'EEXIST') throw error })
    else throw new StartupError(`The secret in ${path} is empty; delete the file to have a new one made.`)
    return (await readFile(path, 'utf8')).trim()
  } catch (error) {
    if (error instanceof StartupError) throw error
    throw new StartupError(`The secret in ${path} cannot be read or written.`)
  } finally {
    await rm(draft, { force: true }).catch(() => {})
  }
}

async function writeSynced(path: string, text: string): Promise<void> {
  const file = await open(path, 'wx', 0o600)
  try {
    await file.writeFile(text)
    await file.sync()
  } finally {
    await file.close()
  }
}
