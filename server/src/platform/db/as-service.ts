import { sql, type Compilable, type CompiledQuery } from 'kysely'
import type { Tx } from './store.ts'

// The scope is a setting of the transaction, so what the caller may see comes back by setting it again.
const setService = (tx: Tx, name: string): CompiledQuery => sql`select set_config('app.service', ${name}, true)`.compile(tx.db)

const rightsOf = (tx: Tx): string => tx.scope.service ?? ''

/**
 * Sends one statement with the rights of a service of ours: it may touch rows of other identities. The three statements
 * go out together and in order, so nothing else of this transaction runs with those rights.
 */
export async function sendAsService<Row>(tx: Tx, service: string, query: Compilable<Row> | CompiledQuery<Row>): Promise<Row[]> {
  const [taken, done, given] = await Promise.allSettled([tx.send(setService(tx, service)), tx.send(query), tx.send(setService(tx, rightsOf(tx)))])
  const failed = [taken, done, given].find((result) => result.status === 'rejected')
  if (failed || done.status === 'rejected') throw failed?.reason
  return done.value
}

/** The same for closing statements: those that `closing` adds, and no others, run with the rights of the service. */
export function closeAsService(tx: Tx, service: string, closing: () => void): void {
  tx.atClose(() => setService(tx, service))
  closing()
  tx.atClose(() => setService(tx, rightsOf(tx)))
}
