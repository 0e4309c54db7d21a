import assert from 'node:assert/strict'
import { spawn, type ChildProcess, type StdioOptions } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import type { Account } from './account.ts'

/** PostgreSQL's programs: the folder that holds `bin`, `lib` and `share`, their major version, and whom they run as. */
export type Tools = { folder: string; major: string; account: Account | undefined }

type Place = Omit<Tools, 'major'>

/**
 * How a program names the cluster, which is always its working directory. The child enters that folder before it gives
 * up root, and Linux resolves this link without walking the path again: so the data folder may lie where the account
 * could not go by itself, such as below /root.
 */
export const HERE = process.platform === 'linux' ? '/proc/self/cwd' : '.'

/** Starts a program of PostgreSQL with a clean environment: a PGPORT or a LANG of the operator must not reach it. */
export function spawnTool(tools: Place, name: 'initdb' | 'postgres', args: string[], given: { cwd: string; stdio: StdioOptions; detached?: boolean }): ChildProcess {
  const { account } = tools
  return spawn(join(tools.folder, 'bin', name), args, {
    ...given,
    ...(account ? { uid: account.uid, gid: account.gid } : {}),
    env: { PATH: process.env.PATH, LC_ALL: 'C', TZ: 'UTC' },
  })
}

/** Runs a program to its end and answers what it printed. Throws with its first complaint. */
export async function runTool(tools: Place, name: 'initdb' | 'postgres', args: string[], given: { cwd: string; input?: string }): Promise<string> {
  const child = spawnTool(tools, name, args, { cwd: given.cwd, stdio: ['pipe', 'pipe', 'pipe'] })
  child.stdin?.on('error', () => {}) // It may exit before it has read everything; its exit code tells.
  child.stdin?.end(given.input ?? '')
  assert(child.stdout && child.stderr)
  const ended = once(child, 'close') // Rejects when the program cannot be started.
  const [out, complaints, [code, signal]] = await Promise.all([text(child.stdout), text(child.stderr), ended])
  if (code !== 0) throw new Error(complaintOf(complaints, given.cwd) ?? `${name} ended with ${signal ?? `code ${code}`}`)
  return out
}

/** The first line that says what went wrong, without its time and process: those after it are its consequences. */
export function complaintOf(log: string, cwd: string): string | undefined {
  if (/No space left on device|wrote only \d+ of \d+ bytes/.test(log)) return 'the disk is full'
  const complaint = log.split('\n').map((line) => /(?:FATAL|PANIC|ERROR|error): +(.*\S)/.exec(line)?.[1]).find((line) => line !== undefined)
  return HERE === '.' ? complaint : complaint?.replaceAll(HERE, cwd)
}
