import { mkdir, open, type FileHandle } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import type { Settings } from '../../../platform/settings.ts'

const WEBHOOK_TIMEOUT_MS = 5_000
const NEWLINE = 0x0A

/** Where this instance's checkpoints are kept outside the database. */
export const anchorFileOf = ({ AUDIT_ANCHOR_FILE, DATA_DIR }: Settings): string => AUDIT_ANCHOR_FILE ?? join(DATA_DIR, 'audit-anchors.jsonl')

/** Appends a line and has the disk confirm it. After a crash in the middle of a line, the next one begins on its own. */
export async function appendAnchor(path: string, line: string): Promise<void> {
  await mkdir(dirname(path), { recursive: true, mode: 0o700 })
  const file = await open(path, 'a+', 0o600)
  try {
    await file.appendFile(`${await endsWhole(file) ? '' : '\n'}${line}\n`)
    await file.sync()
  } finally {
    await file.close()
  }
}

async function endsWhole(file: FileHandle): Promise<boolean> {
  const { size } = await file.stat()
  if (size === 0) return true
  const { buffer } = await file.read(Buffer.alloc(1), 0, 1, size - 1)
  return buffer[0] === NEWLINE
}

/** Sends a checkpoint to a place that the database's owner does not control. Throws when it was not taken within 5 s. */
export async function postAnchor(url: string, line: string): Promise<void> {
  const { ok, status } = await fetch(url, {
    method: 'POST', headers: { 'content-type': 'application/json' }, body: line, redirect: 'error', signal: AbortSignal.timeout(WEBHOOK_TIMEOUT_MS),
  })
  if (!ok) throw new Error(`The webhook of checkpoints answered ${status}`)
}
