import assert from 'node:assert/strict'
import { createHmac } from 'node:crypto'
import { generateSync } from 'otplib'
import { client, type Answer, type Client, type Person } from '../../testing/person.ts'
import type { TestClock, World } from '../../testing/world.ts'
import { newId } from '../../platform/ids.ts'
import { keyIdOf } from './sessions/access-token.ts'

const base64url = (text: string | Buffer): string => Buffer.from(text).toString('base64url')

type Forged = { header?: Record<string, unknown>; claims?: Record<string, unknown>; secret: Uint8Array | string; hash?: string; at?: Date }

/** The claims of an access token as ours are, for nobody in particular. A member set to undefined is left out. */
export const claimsOf = (at: Date, overrides: Record<string, unknown> = {}): Record<string, unknown> => {
  const issued = Math.floor(at.getTime() / 1_000)
  return { iss: 'chenu', aud: 'chenu', sub: newId(), identity_id: newId(), sid: newId(), jti: newId(), iat: issued, exp: issued + 900, ...overrides }
}

/** A signed token, made by hand so that it can be anything. */
export function forge({ header = {}, claims = {}, secret, hash = 'sha256', at = new Date() }: Forged): string {
  const signed = `${base64url(JSON.stringify({ alg: 'HS256', typ: 'at+jwt', kid: keyIdOf(secret), ...header }))}.${base64url(JSON.stringify(claimsOf(at, claims)))}`
  return `${signed}.${base64url(createHmac(hash, secret).update(signed).digest())}`
}

/** What a token says, unverified. */
export const payloadOf = (token: string): Record<string, string & number> => JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString())

/** Its header, unverified. */
export const headerOf = (token: string): Record<string, string> => JSON.parse(Buffer.from(token.split('.')[0] ?? '', 'base64url').toString())

/** An authenticator as people have one: the code that it shows now, or showed some steps ago. */
export const codeOf = (secret: string, clock: Pick<TestClock, 'now'>, steps = 0): string => generateSync({ secret, epoch: Math.floor(clock.now().getTime() / 1_000) + steps * 30 })

/** Six digits that are neither the code of this step, nor of one beside it. */
export function wrongCodeOf(secret: string, clock: Pick<TestClock, 'now'>): string {
  const near = new Set([-2, -1, 0, 1, 2].map((steps) => codeOf(secret, clock, steps)))
  return ['000000', '111111', '222222', '333333', '444444', '555555'].find((code) => !near.has(code)) ?? ''
}

/** Sets an authenticator up, and waits until the code that did it is over. */
export async function withFactor(world: World, person: Person): Promise<{ secret: string; recoveryCodes: string[] }> {
  const { status, body } = await person.post('/api/v2/auth/2fa/setup', { password: person.password })
  assert.equal(status, 200, JSON.stringify(body))
  const set = await person.post('/api/v2/auth/2fa/verify', { code: codeOf(body.secret, world.clock) })
  assert.equal(set.status, 200, JSON.stringify(set.body))
  world.clock.advance(30_000)
  return { secret: body.secret, recoveryCodes: set.body.recovery_codes }
}

export const loginAs = (world: World, person: Pick<Person, 'user' | 'password'>, headers?: Record<string, string>): Promise<Answer> =>
  world.anyone.post('/api/v2/auth/login', { email: person.user.email, password: person.password }, headers)

/** The whole sign-in of a person with an authenticator; what they can do then. */
export async function loginWithCode(world: World, person: Person, secret: string): Promise<Client & { body: Answer['body'] }> {
  const { body: asked } = await loginAs(world, person)
  const { status, body } = await world.anyone.post('/api/v2/auth/login/second-factor', { mfa_token: asked.mfa_token, code: codeOf(secret, world.clock) })
  assert.equal(status, 200, JSON.stringify(body))
  world.clock.advance(30_000)
  return { ...client(world.url, body.access_token), body }
}

/** The words of a raw e-mail, its quoted-printable or base64 undone. */
export function textOf(raw: string): string {
  const body = raw.slice(raw.indexOf('\r\n\r\n') + 4)
  if (/^Content-Transfer-Encoding: base64/im.test(raw)) return Buffer.from(body, 'base64').toString()
  const bytes = body.replace(/=\r\n/g, '').replace(/=([0-9A-F]{2})/g, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)))
  return /^Content-Transfer-Encoding: quoted-printable/im.test(raw) ? Buffer.from(bytes, 'latin1').toString() : body
}

/** The link of an e-mail: where it leads, and its token. */
export function linkOf(raw: string): { address: string; token: string } {
  const [, address = '', token = ''] = /(https?:\/\/\S+)#(\S+)/.exec(textOf(raw)) ?? []
  return { address, token }
}

/** Waits until every letter of this instance has left or was given up; how many mails the server took. */
export async function lettersLeft(world: World, smtp: { mails: unknown[] }): Promise<number> {
  for (;;) {
    const { rows } = await world.owner.query('select 1 from letters limit 1')
    if (rows.length === 0) return smtp.mails.length
  }
}
