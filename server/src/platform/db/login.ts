import { createHash } from 'node:crypto'
import type { Owner } from './migrate.ts'
import { StartupError } from '../startup-error.ts'

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
  await owner.pool.query(`do $$ begin create role ${role} login in role chenu_server; exception when duplicate_object or unique_violation then null; end $$`)
  // Naming an attribute, even to take it away, is a superuser's right, and the owner need not be one: they are only read.
  await owner.pool.query(`alter role ${role} with login password '${password}'`)
  const { rows } = await owner.pool.query('select 1 from pg_roles where rolname = $1 and (rolsuper or rolbypassrls or rolcreaterole or rolcreatedb or rolreplication)', [role])
  if (rows.length > 0) throw new StartupError(`The server’s own role ${role} has rights that it must not have; drop it, and the next start makes it again.`)
  url.username = role
  url.password = password
  return url.href
}
