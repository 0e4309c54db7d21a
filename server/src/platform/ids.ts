import { randomFillSync } from 'node:crypto'
import { v7 } from 'uuid'

declare const brand: unique symbol
type Branded<Name extends string> = string & { readonly [brand]: Name }

export type UserId = Branded<'UserId'>
export type IdentityId = Branded<'IdentityId'>
export type SessionId = Branded<'SessionId'>

const POOL_BYTES = 4_096
const ID_BYTES = 16
const pool = new Uint8Array(POOL_BYTES)
let used = POOL_BYTES

/** Random bytes for one id, each given out once; drawn for 256 ids at a time, since asking the system is what costs. */
function randomBytes(): Uint8Array {
  if (used === POOL_BYTES) {
    randomFillSync(pool)
    used = 0
  }
  used += ID_BYTES
  return pool.slice(used - ID_BYTES, used)
}

let lastMs = 0
let count = 0

/** A new UUIDv7 (RFC 9562): sorts by its creation, also within one millisecond of this process. */
export function newId<Id extends string = string>(): Id {
  const random = randomBytes()
  const now = Date.now()
  if (now > lastMs) {
    lastMs = now
    count = ((random[6] ?? 0) << 16) | ((random[7] ?? 0) << 8) | (random[8] ?? 0)
  } else count += 1
  return v7({ random, msecs: lastMs, seq: count }) as Id
}

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/

/** True for the canonical lower-case form of a UUID, the only one that ids take here. */
export const isUuid = (text: string): boolean => UUID.test(text)
