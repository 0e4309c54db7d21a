import assert from 'node:assert/strict'
import { copyFile, mkdir, readFile, symlink, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { test } from 'node:test'
import { emptyFolder, type Scope } from '../testing/process/at-end.ts'
import { launch, ROOT, type Launched } from '../testing/process/server-process.ts'

/** Stands for npm: writes down that it was called, and installs what start.mjs looks for. */
const INSTALLS = `#!/bin/sh
echo "$@" >> called
mkdir -p node_modules/node/bin
ln -sf '${process.execPath}' node_modules/node/bin/node
cp package-lock.json node_modules/.package-lock.json
`

const lockOf = (version: string): string => JSON.stringify({ packages: { '': {}, 'node_modules/thing': { version, integrity: `sha512-${version}` } } })

/** A project of one script, whose npm is the given one. */
async function project(t: Scope, npm: string | null): Promise<{ root: string; start: () => Launched; calls: () => Promise<string[]> }> {
  const root = await emptyFolder(t)
  const bin = join(root, 'bin')
  await mkdir(bin)
  for (const program of ['sh', 'mkdir', 'ln', 'cp', 'sleep']) await symlink(`/bin/${program}`, join(bin, program))
  if (npm !== null) await writeFile(join(bin, 'npm'), npm, { mode: 0o755 })
  await copyFile(join(ROOT, 'start.mjs'), join(root, 'start.mjs'))
  await writeFile(join(root, 'package-lock.json'), lockOf('1.0.0'))
  await writeFile(join(root, 'hello.ts'), 'console.log(`hello ${process.argv.slice(2)}` as string)\nprocess.exitCode = 7')
  return {
    root,
    start: () => launch(t, { root, args: ['hello.ts', 'world'], settings: { PATH: bin } }),
    calls: async () => (await readFile(join(root, 'called'), 'utf8').catch(() => '')).split('\n').filter(Boolean),
  }
}

test('what is missing is installed by npm ci, once; the script then runs with its arguments and ends with its code', async (t) => {
  const { start, calls, root } = await project(t, INSTALLS)

  const together = await Promise.all([start(), start(), start()].map(({ ended }) => ended))
  const later = await start().ended

  for (const { code, out } of [...together, later]) assert.deepEqual([code, out], [7, 'hello world\n'])
  assert.match(together.map(({ err }) => err).join(''), /^Installing the dependencies; this takes a minute the first time\.$/m)
  assert.equal(later.err, '')
  assert.deepEqual(await calls(), ['ci --no-audit --no-fund --loglevel=error'])
  await writeFile(join(root, 'package-lock.json'), lockOf('1.0.1'))
  assert.equal((await start().ended).code, 7)
  assert.equal((await calls()).length, 2, 'a lock file that changed is installed')
})

test('an installation that fails, and a machine without npm, are one sentence', async (t) => {
  const failing = await project(t, '#!/bin/sh\nexit 3\n')
  const none = await project(t, null)

  const [first, second] = await Promise.all([failing.start().ended, none.start().ended])

  assert.deepEqual([first.code, second.code], [1, 1])
  assert.match(first.err, /^The dependencies could not be installed; run npm ci in .+ to see why\.$/m)
  assert.match(second.err, /^npm cannot be run \(.+\); install it and start again\.$/m)
  for (const { err } of [first, second]) assert.doesNotMatch(err, /^\s+at /m)
})

test('a start that was killed while it installed does not hold up the next one', async (t) => {
  const { root, start } = await project(t, INSTALLS)
  await writeFile(join(root, 'bin', 'npm'), '#!/bin/sh\necho "installing"\nexec sleep 600\n', { mode: 0o755 })
  const first = start()
  await first.complains(/^installing$/m)
  first.signal('SIGKILL')
  await first.ended
  await writeFile(join(root, 'bin', 'npm'), INSTALLS, { mode: 0o755 })

  const { code, out } = await start().ended

  assert.deepEqual([code, out], [7, 'hello world\n'])
})

test('a signal while it installs ends both', async (t) => {
  const { start } = await project(t, '#!/bin/sh\necho "installing"\nexec sleep 600\n')
  const starting = start()
  await starting.complains(/^installing$/m)

  process.kill(starting.pid, 'SIGTERM')

  assert.equal((await starting.ended).code, 143)
})
