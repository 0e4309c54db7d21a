import assert from 'node:assert/strict'
import { test } from 'node:test'
import { emptyFolder } from '../testing/process/at-end.ts'
import { launch, startServer } from '../testing/process/server-process.ts'

test('npm run smoke passes 14 of 14 against a fresh server, and fails when there is none', async (t) => {
  const server = await startServer(t, { settings: { DATA_DIR: await emptyFolder(t) } })
  const smoke = () => launch(t, { args: ['scripts/smoke.ts', server.url] }).ended

  const passing = await smoke()
  server.signal('SIGTERM')
  await server.ended
  const failing = await smoke()

  assert.equal(passing.code, 0, passing.out)
  assert.match(passing.out, /^14\/14 passed in \d+ ms$/m)
  assert.equal(passing.out.match(/^ ?\d+ +pass +.+ \d+ ms$/gm)?.length, 14)
  assert.equal(failing.code, 1)
  assert.match(failing.out, /^0\/14 passed in \d+ ms$/m)
  assert.equal(failing.out.match(/^ ?\d+ +FAIL +.+ \d+ ms +\S/gm)?.length, 14)
})
