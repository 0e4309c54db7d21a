import assert from 'node:assert/strict'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { startEmbeddedPostgres } from '../../platform/db/embedded.ts'
import { ensureTemplate } from '../database.ts'
import { atEnd, emptyFolder, type Scope } from '../process/at-end.ts'
import { postgresOf } from '../process/postgres-of.ts'

/** A PostgreSQL that belongs to one test, which may therefore do with it as it likes. Worlds that start afterwards live in it. */
export type OwnPostgres = {
  ownerUrl: string
  /** Ends it: `SIGINT` as an administrator's fast restart, `SIGQUIT` an immediate one, `SIGKILL` a crash. It comes back by itself on its port. */
  end(how: 'SIGINT' | 'SIGQUIT' | 'SIGKILL'): Promise<void>
  /** Stops every process of it in its tracks; `thaw` lets them go on. */
  freeze(): Promise<void>
  thaw(): Promise<void>
}

export async function startOwnPostgres(t: Scope, { maxConnections = 100 }: { maxConnections?: number } = {}): Promise<OwnPostgres> {
  const dataDir = await emptyFolder(t)
  const postgres = await startEmbeddedPostgres({ dataDir, maxConnections })
  const before = process.env.CHENU_TEST_POSTGRES
  process.env.CHENU_TEST_POSTGRES = postgres.ownerUrl
  const signal = async (name: NodeJS.Signals): Promise<void> => { for (const pid of await postgresOf(dataDir)) process.kill(pid, name) }
  atEnd(t, async () => {
    await signal('SIGCONT')
    await postgres.stop()
    if (before === undefined) delete process.env.CHENU_TEST_POSTGRES
    else process.env.CHENU_TEST_POSTGRES = before
  })
  await ensureTemplate()
  return {
    ownerUrl: postgres.ownerUrl,
    async end(how) {
      const pid = Number((await readFile(join(dataDir, 'postgres', 'postmaster.pid'), 'utf8')).split('\n', 1)[0])
      assert(pid > 1)
      process.kill(pid, how)
    },
    freeze: () => signal('SIGSTOP'),
    thaw: () => signal('SIGCONT'),
  }
}
