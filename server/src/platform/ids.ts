import { v7 } from 'uuid'

declare const brand: unique symbol
type Branded<Name extends string> = string & { readonly [brand]: Name }

export type UserId = Branded<'UserId'>
export type IdentityId = Branded<'IdentityId'>
export type SessionId = Branded<'SessionId'>

/** A new UUIDv7 (RFC 9562): sorts by its creation time, 74 random bits. */
export const newId = <Id extends string = string>(): Id => v7() as Id

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/

/** True for the canonical lower-case form of a UUID, the only one that ids take here. */
export const isUuid = (text: string): boolean => UUID.test(text)
