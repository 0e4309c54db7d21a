import { createHmac } from 'node:crypto'
import { newId } from '../../platform/ids.ts'

const base64url = (text: string | Buffer): string => Buffer.from(text).toString('base64url')

type Forged = { header?: Record<string, unknown>; claims?: Record<string, unknown>; secret: Uint8Array | string; hash?: string; at?: Date }

/** The claims of an access token as ours are, for nobody in particular. A member set to undefined is left out. */
export const claimsOf = (at: Date, overrides: Record<string, unknown> = {}): Record<string, unknown> => {
  const issued = Math.floor(at.getTime() / 1_000)
  return { iss: 'chenu', aud: 'chenu', sub: newId(), identity_id: newId(), sid: newId(), jti: newId(), iat: issued, exp: issued + 900, ...overrides }
}

/** A signed token, made by hand so that it can be anything. */
export function forge({ header = {}, claims = {}, secret, hash = 'sha256', at = new Date() }: Forged): string {
  const signed = `${base64url(JSON.stringify({ alg: 'HS256', typ: 'at+jwt', ...header }))}.${base64url(JSON.stringify(claimsOf(at, claims)))}`
  return `${signed}.${base64url(createHmac(hash, secret).update(signed).digest())}`
}

/** What a token says, unverified. */
export const payloadOf = (token: string): Record<string, string & number> => JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString())
