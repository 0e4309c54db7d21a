import { databaseRefusal } from './platform/db/database-refusal.ts'
import { ensureLogin } from './platform/db/login.ts'
import { migrateUp, openAsOwner } from './platform/db/migrate.ts'
import { oneAtATime } from './platform/db/one-at-a-time.ts'
import { installJobs } from './platform/jobs/install.ts'
import type { Secrets } from './platform/secrets.ts'
import { seed } from './seed.ts'

/** Brings the database up to date as its owner, and returns the address under which the server works: its own role. */
export async function prepareDatabase(ownerUrl: string, secrets: Secrets): Promise<string> {
  const owner = await openAsOwner(ownerUrl)
  try {
    return await oneAtATime(owner, async () => {
      await migrateUp(owner.db)
      await installJobs(ownerUrl)
      await seed(owner.db)
      return await ensureLogin(owner, ownerUrl, secrets.derive('database login'))
    })
  } catch (error) {
    throw databaseRefusal(error)
  } finally {
    await owner.close()
  }
}
