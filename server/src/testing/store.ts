import { randomUUID } from 'node:crypto'
import { ensureLogin } from '../platform/db/login.ts'
import { openAsOwner } from '../platform/db/migrate.ts'
import { createStore, type Store } from '../platform/db/store.ts'
import { newId, type IdentityId, type UserId } from '../platform/ids.ts'
import { createLog } from '../platform/log.ts'
import { createVault } from '../platform/vault.ts'
import { createDatabase, type TestDatabase } from './database.ts'

export type Member = { userId: UserId; identityId: IdentityId }

export type TestStore = {
  /** The address of the database under the server's own role. */
  url: string
  /** Works under the server's own role, as in production. */
  store: Store
  /** Works as the owner of the database, whom nothing stops. */
  owner: TestDatabase['owner']
  /** A person with an identity, written by the owner. */
  member(): Promise<Member>
  close(): Promise<void>
}

/** A database of the test's own and the server's store over it, without a server. */
export async function startStore({ connections = 8 } = {}): Promise<TestStore> {
  const database = await createDatabase()
  const admin = await openAsOwner(database.url)
  const url = await ensureLogin(admin, database.url, Buffer.alloc(32, 7))
  await admin.close()
  const store = createStore({ url, connections, log: createLog('silent'), vault: createVault(Buffer.alloc(32, 9)) })
  return {
    url, store, owner: database.owner,
    async member() {
      const userId = newId<UserId>()
      const identityId = newId<IdentityId>()
      const email = `${randomUUID()}@example.org`
      await database.owner.query(`insert into users (id, email, email_key, name, password_hash, created_at, updated_at) values ($1, $2, $2, 'Ada', 'x', now(), now())`, [userId, email])
      await database.owner.query(`insert into identities (id, user_id, type, name, is_default, created_at, updated_at) values ($1, $2, 'personal', 'Ada', true, now(), now())`, [identityId, userId])
      return { userId, identityId }
    },
    async close() {
      await store.close()
      await database.drop()
    },
  }
}
