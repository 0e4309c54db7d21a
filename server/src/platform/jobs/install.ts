import { Pool } from 'pg'
import { PgBoss } from 'pg-boss'
import { queueOptions } from './queue-options.ts'

/**
 * Installs or updates the queue's schema `pgboss` as the database's owner, after our own migrations, and lets the
 * server's role work in it. That role runs no DDL: every queue lives in the queue library's one shared table.
 */
export async function installJobs(ownerUrl: string): Promise<void> {
  const faults: Error[] = []
  const boss = new PgBoss({ ...queueOptions, connectionString: ownerUrl, max: 1, application_name: 'chenu-owner', migrate: true, createSchema: true, supervise: false, schedule: false })
  boss.on('error', (error) => { faults.push(error) })
  await boss.start()
  await boss.stop({ graceful: false })
  const [fault] = faults
  if (fault) throw fault
  await grantToServer(ownerUrl)
}

async function grantToServer(ownerUrl: string): Promise<void> {
  const pool = new Pool({ connectionString: ownerUrl, max: 1, application_name: 'chenu-owner' })
  try {
    await pool.query(`
      grant usage on schema pgboss to chenu_server;
      grant select, insert, update, delete on all tables in schema pgboss to chenu_server;
      grant usage, select on all sequences in schema pgboss to chenu_server;
      grant execute on all functions in schema pgboss to chenu_server;
    `)
  } finally {
    await pool.end()
  }
}
