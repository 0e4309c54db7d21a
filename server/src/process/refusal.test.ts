import assert from 'node:assert/strict'
import { chmod, copyFile, mkdir, symlink, writeFile } from 'node:fs/promises'
import { createServer } from 'node:net'
import { once } from 'node:events'
import { dirname, join } from 'node:path'
import { suite, test } from 'node:test'
import { atEnd, emptyFolder } from '../testing/process/at-end.ts'
import { isPublic, NOBODY } from '../testing/process/other-account.ts'
import { refuses } from '../testing/process/refuses.ts'
import { ROOT, serverPid, startServer } from '../testing/process/server-process.ts'

const isRoot = process.getuid?.() === 0
const NOT_USED = '/nowhere/that/a/refused/start/would/write'

const SETTINGS: Array<[string, RegExp]> = [
  ['PORT=abc', /^The setting PORT is not valid: /],
  ['PORT=65536', /^The setting PORT is not valid: /],
  ['LOG_LEVEL=loud', /^The setting LOG_LEVEL is not valid: /],
  ['NOVA_MODEL=gpt-4o', /^NOVA_MODEL must be one of NOVA_MODELS\.$/m],
  ['NOVA_MODELS=claude-sonnet-4-5,gpt-4o', /^NOVA_MODELS may hold only models of Anthropic /],
  ['CORS_ORIGINS=*', /^CORS_ORIGINS must list origins; /],
  ['ANTHROPIC_BASE_URL=http://example.org', /^ANTHROPIC_BASE_URL must be an https address /],
  ['TIME_ZONE=Mars/Olympus', /^TIME_ZONE is not a known IANA time zone\.$/m],
  ['DATABASE_URL=not a URL', /^DATABASE_URL must look like postgres:\/\/user:password@host:5432\/database\.$/m],
  ['DATABASE_URL=mysql://someone:hidden@127.0.0.1/chenu', /^DATABASE_URL must look like /],
]

suite('a start that cannot be is one sentence and a non-zero exit', { concurrency: 3 }, () => {
  for (const [setting, sentence] of SETTINGS) {
    test(setting, (t) => refuses(t, sentence, { settings: { DATA_DIR: NOT_USED, ...settingOf(setting) } }))
  }

  test('SEAL-03: a short seal, and one that looks like an example', async (t) => {
    const DATA_DIR = await emptyFolder(t)
    await refuses(t, /^ARCHITECT_SEAL must be at least 32 bytes long\.$/m, { settings: { DATA_DIR, ARCHITECT_SEAL: 'too-short' } })
    await refuses(t, /^ARCHITECT_SEAL looks like an example; /, { settings: { DATA_DIR, ARCHITECT_SEAL: 'changeme-changeme-changeme-changeme' } })
  })

  test('a setting in .env is read; the environment goes first', async (t) => {
    const root = await emptyFolder(t)
    for (const file of ['start.mjs', 'package-lock.json']) await copyFile(join(ROOT, file), join(root, file))
    for (const folder of ['node_modules', 'server']) await symlink(join(ROOT, folder), join(root, folder))
    await writeFile(join(root, '.env'), 'TIME_ZONE=Mars/Olympus\nLOG_LEVEL=loud\n')
    const unset = { TIME_ZONE: undefined, LOG_LEVEL: undefined }

    await refuses(t, /^The setting LOG_LEVEL /, { root, settings: { DATA_DIR: NOT_USED, ...unset } })
    await refuses(t, /^TIME_ZONE /, { root, settings: { DATA_DIR: NOT_USED, ...unset, LOG_LEVEL: 'info' } })
  })

  test('a data folder that is a file', async (t) => {
    const DATA_DIR = join(await emptyFolder(t), 'file')
    await writeFile(DATA_DIR, '')

    await refuses(t, /^The data folder .+ is a file or lies below one; set DATA_DIR to a folder\.$/m, { settings: { DATA_DIR } })
  })

  test('a data folder that this account cannot read or write', async (t) => {
    const DATA_DIR = join(await emptyFolder(t), 'theirs')
    await mkdir(DATA_DIR, { mode: isRoot ? 0o755 : 0o500 })
    if (isRoot && !(await isPublic(ROOT))) return t.skip('the project is in a folder that only root can enter')
    await chmod(dirname(DATA_DIR), 0o755)

    await refuses(t, /^The data folder .+ cannot be read and written by this account; change its owner or set DATA_DIR\.$/m, { settings: { DATA_DIR }, ...(isRoot ? { uid: NOBODY } : {}) })
  })

  test('a taken port', async (t) => {
    const other = createServer()
    await once(other.listen(0, '127.0.0.1'), 'listening')
    atEnd(t, () => { other.close() })
    const { port } = other.address() as { port: number }

    await refuses(t, new RegExp(`^Port ${port} on 127\\.0\\.0\\.1 is taken; stop what listens there or set PORT\\.$`, 'm'), { settings: { DATA_DIR: await emptyFolder(t), PORT: String(port) } })
  })

  test('a second server on the same data folder; the first one goes on', async (t) => {
    const DATA_DIR = await emptyFolder(t)
    const first = await startServer(t, { settings: { DATA_DIR } })

    await refuses(t, new RegExp(`^The data folder .+ is in use by another CHE·NU server \\(process ${await serverPid(DATA_DIR)}\\); `), { settings: { DATA_DIR } })

    assert.equal((await fetch(`${first.url}/ready`)).status, 200)
  })
})

const settingOf = (setting: string): Record<string, string> => ({ [setting.slice(0, setting.indexOf('='))]: setting.slice(setting.indexOf('=') + 1) })
