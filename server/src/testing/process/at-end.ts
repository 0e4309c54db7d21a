import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { TestContext } from 'node:test'
import { stopLeftovers } from '../../platform/db/leftovers.ts'

type Ending = () => Promise<unknown> | unknown

/** What a test or a suite can be cleaned up after. */
export type Scope = Pick<TestContext, 'after'>

const endings = new WeakMap<Scope, Ending[]>()

/** Cleans up after the test, the latest first: a folder goes when nothing runs in it any more. */
export function atEnd(t: Scope, ending: Ending): void {
  const mine = endings.get(t) ?? []
  if (mine.length === 0) t.after(async () => { for (const end of mine.toReversed()) await end() })
  endings.set(t, mine)
  mine.push(ending)
}

/** An empty folder of this test. What PostgreSQL still runs in one of its data folders is stopped before it goes. */
export async function emptyFolder(t: Scope, prefix = join(tmpdir(), 'chenu-process-')): Promise<string> {
  const folder = await mkdtemp(prefix)
  atEnd(t, async () => {
    for (const place of ['.', 'data']) await stopLeftovers(join(folder, place, 'postgres'), () => {})
    await rm(folder, { recursive: true, force: true, maxRetries: 10, retryDelay: 100 })
  })
  return folder
}
