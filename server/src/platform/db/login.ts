import { createHash } from 'node:crypto'
import { Client } from 'pg'
import { StartupError } from '../startup-error.ts'
import type { Owner } from './migrate.ts'

/**
 * Gives the server its own way in: a login role of this database alone, member of chenu_server, neither owner nor
 * superuser, without BYPASSRLS and without DDL. Returns the address to connect with.
 * @param key 32 bytes from which the password is made, the same on every node of the instance.
 */
export async function ensureLogin(owner: Owner, ownerUrl: string, key: Buffer): Promise<string> {
  const url = new URL(ownerUrl)
  const database = decodeURIComponent(url.pathname.slice(1))
  const role = `chenu_login_${createHash('sha256').update(database).digest('hex').slice(0, 12)}`
  const password = createHash('sha256').update(key).update(role).digest('hex')
  url.username = role
  url.password = password
  await owner.pool.query(`do $$ begin create role ${role} login in role chenu_server; exception when duplicate_object or unique_violation then null; end $$`)
  if (!(await admits(url.href))) await setPassword(owner, role, password)
  // Naming an attribute, even to take it away, is a superuser's right, and the owner need not be one: they are only read.
  const { rows } = await owner.pool.query('select 1 from pg_roles where rolname = $1 and (rolsuper or rolbypassrls or rolcreaterole or rolcreatedb or rolreplication)', [role])
  if (rows.length > 0) throw new StartupError(`The server’s own role ${role} has rights that it must not have; drop it, and the next start makes it again.`)
  return url.href
}

async function admits(url: string): Promise<boolean> {
  const client = new Client({ connectionString: url, connectionTimeoutMillis: 5_000, application_name: 'chenu-owner' })
  client.on('error', () => {})
  try {
    await client.connect()
    return true
  } catch {
    return false
  } finally {
    await client.end().catch(() => {})
  }
}

/** A new password is right for a new role, and when the secret was changed. A node that works under another one would be locked out. */
async function setPassword({ pool }: Owner, role: string, password: string): Promise<void> {
  const { rows } = await pool.query('select 1 from pg_stat_activity where usename = $1 limit 1', [role])
  if (rows.length > 0) throw new StartupError('Another server works on this database with another JWT_SECRET; give all of them the same JWT_SECRET and ARCHITECT_SEAL.')
  await pool.query(`alter role ${role} with login password '${password}'`)
}
