import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { startEmbeddedPostgres } from '../../server/src/platform/db/embedded.ts'

/** Runs `work` with a PostgreSQL of its own, or with the one that CHENU_TEST_POSTGRES names. */
export async function withPostgres<T>(work: () => Promise<T>): Promise<T> {
  if (process.env.CHENU_TEST_POSTGRES) return work()
  const dataDir = await mkdtemp(join(tmpdir(), 'chenu-tests-'))
  const postgres = await startEmbeddedPostgres({ dataDir, maxConnections: 400 })
  const close = async (): Promise<void> => {
    await postgres.stop()
    await rm(dataDir, { recursive: true, force: true })
  }
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.once(signal, () => { void close().finally(() => process.exit(1)) })
  try {
    process.env.CHENU_TEST_POSTGRES = postgres.ownerUrl
    return await work()
  } finally {
    await close()
  }
}
