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
  try {
    await owner.pool.query(`do $$ begin create role ${role} login in role chenu_server; exception when duplicate_object or unique_violation then null; end $$`)
    await owner.pool.query(`alter role ${role} with login nosuperuser nocreatedb nocreaterole noreplication nobypassrls password '${password}'`)
  } catch (error) {
    if ((error as { code?: string }).code === '42501') throw new StartupError('DATABASE_URL: that user may not create roles; give it CREATEROLE so that the server can work under a role of its own.')
    throw error
  }
  url.username = role
  url.password = password
  return url.href
}
