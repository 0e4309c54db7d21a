import type { Owner } from './migrate.ts'

const PREPARING = 77_003

/**
 * Lets one node at a time prepare the database: of several that start at once the others wait, and find it done. Changes
 * of roles and rights are no transactions that wait for each other; PostgreSQL refuses the second of two at once.
 */
export async function oneAtATime<T>(owner: Owner, work: () => Promise<T>): Promise<T> {
  const client = await owner.pool.connect()
  try {
    await client.query('select pg_advisory_lock($1)', [PREPARING])
    return await work()
  } finally {
    client.release(true) // The lock is the connection's, and goes with it.
  }
}
