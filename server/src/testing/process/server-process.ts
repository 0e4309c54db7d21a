import assert from 'node:assert/strict'
import { spawn, type ChildProcess } from 'node:child_process'
import { readFile } from 'node:fs/promises'
import { delimiter, join, resolve } from 'node:path'
import type { Readable } from 'node:stream'
import { SettingsSchema } from '../../platform/settings.ts'
import { atEnd, type Scope } from './at-end.ts'
import { isAlive, postgresOf } from './postgres-of.ts'

/** The folder of the project. */
export const ROOT = resolve(import.meta.dirname, '../../../..')

export type Ended = { code: number | null; signal: NodeJS.Signals | null; out: string; err: string }

export type Launch = {
  /** The project that is started; by default this one. */
  root?: string
  settings?: Record<string, string | undefined>
  /** Of `node start.mjs`; by default the server's. */
  args?: string[]
  /** Instead of `node start.mjs`. */
  command?: string[]
  /** Account and group to run as; only root may choose. */
  uid?: number
}

/** A started launcher. It leads a process group, as in a terminal. */
export type Launched = {
  child: ChildProcess
  pid: number
  out(): string
  err(): string
  /** Settles when it has ended and both its streams are closed. */
  ended: Promise<Ended>
  /** Settles with the text that matches in what it says on stdout; rejects when it ends first. */
  says(pattern: RegExp): Promise<RegExpExecArray>
  /** The same for stderr. */
  complains(pattern: RegExp): Promise<RegExpExecArray>
  /** Sends to the whole group, as Ctrl-C does. */
  signal(name: NodeJS.Signals): void
}

/** A server that answers on `url`. */
export type ServerProcess = Launched & { url: string; dataDir: string; readyInMs: number }

// Every setting is given, so that neither the environment nor a .env of the developer's decides.
const NO_SETTINGS = Object.fromEntries(Object.keys(SettingsSchema.shape).map((name) => [name, '']))

/** Starts `node start.mjs` with these settings; whatever is left of it is killed after the test. */
export function launch(t: Scope, { root = ROOT, settings = {}, args = [], command = [process.execPath, join(root, 'start.mjs')], uid }: Launch): Launched {
  const [program = '', ...given] = [...command, ...args]
  const child = spawn(program, given, {
    cwd: root, detached: true, stdio: ['ignore', 'pipe', 'pipe'], ...(uid === undefined ? {} : { uid, gid: uid }),
    env: { PATH: pathWithoutOurs(), HOME: process.env.HOME, TMPDIR: process.env.TMPDIR, ...NO_SETTINGS, PORT: '0', ...settings },
  })
  const launched = listenTo(child)
  atEnd(t, async () => {
    await killGroup(launched)
    await launched.ended
  })
  return launched
}

/** npm puts our own node_modules/.bin first; a person's shell does not. */
const pathWithoutOurs = (): string => (process.env.PATH ?? '').split(delimiter).filter((folder) => !folder.endsWith(join('node_modules', '.bin'))).join(delimiter)

function listenTo(child: ChildProcess): Launched {
  const { pid = 0, stdout, stderr } = child
  assert(stdout && stderr)
  const ended = new Promise<Ended>((done, fail) => {
    child.once('error', fail)
    child.once('close', (code, signal) => { done({ code, signal, out: out.text(), err: err.text() }) })
  })
  const out = collect(stdout, ended)
  const err = collect(stderr, ended)
  return { child, pid, ended, out: out.text, err: err.text, says: out.finds, complains: err.finds, signal: (name) => { process.kill(-pid, name) } }
}

type Collected = { text(): string; finds(pattern: RegExp): Promise<RegExpExecArray> }

function collect(stream: Readable, ended: Promise<Ended>): Collected {
  let text = ''
  const looks = new Set<() => void>()
  stream.setEncoding('utf8').on('data', (more: string) => {
    text += more
    for (const look of looks) look()
  })
  return {
    text: () => text,
    finds: (pattern) => new Promise((done, fail) => {
      const look = (): void => {
        const found = pattern.exec(text)
        if (found) done(found)
      }
      looks.add(look)
      look()
      ended.then(({ code, err, out }) => { fail(new Error(`It ended with ${code} before it said ${pattern}: ${err}${out}`)) }, fail)
    }),
  }
}

/** Starts the server and waits until it says that it is ready. */
export async function startServer(t: Scope, given: Launch & { settings: { DATA_DIR: string } }): Promise<ServerProcess> {
  const started = performance.now()
  const launched = launch(t, given)
  const [, url = ''] = await launched.says(/CHE·NU is ready on (http:\S+)\n[^]*planner .*\n/)
  return { ...launched, url, dataDir: given.settings.DATA_DIR, readyInMs: performance.now() - started }
}

/** Kills launcher and server; an embedded PostgreSQL, which leads a group of its own, stays. */
export async function killGroup(launched: Launched): Promise<void> {
  killAll([-launched.pid])
  await launched.ended
}

/** Kills launcher, server and every process of PostgreSQL. */
export async function killEverything(server: ServerProcess): Promise<void> {
  const kill = await prepareKill(server)
  kill()
  await server.ended
}

/** Looks up launcher, server and every process of PostgreSQL; the answer kills them all at one moment. */
export async function prepareKill({ pid, dataDir }: ServerProcess): Promise<() => void> {
  const pids = [-pid, ...await postgresOf(dataDir)]
  return () => { killAll(pids) }
}

/** Kills the processes, and with a negative number whole groups, that are still there. */
export function killAll(pids: number[]): void {
  for (const pid of pids) {
    try {
      process.kill(pid, 'SIGKILL')
    } catch {
      // It ended because another one was killed.
    }
  }
}

/** The number of the server's own process, the launcher's child. */
export async function serverPid(dataDir: string): Promise<number> {
  const pid = Number(await readFile(join(dataDir, 'instance.pid'), 'utf8'))
  assert(pid > 0 && await isAlive(pid), `no server runs on ${dataDir}`)
  return pid
}
