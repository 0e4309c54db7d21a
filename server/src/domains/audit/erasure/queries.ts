import type { Compilable } from 'kysely'
import { statement } from '../../../platform/db/statement.ts'

/** What was: rows by table, and a hash over all of them. */
export type Erased = { counts: Record<string, number>; hash: string }

/** Erases what an identity of the scope's user holds, in every table there is (server/migrations/0013). */
export const eraseRows = (identityId: string): Compilable<{ erased: Erased }> => statement('select erase_identity($1) as erased', [identityId])
