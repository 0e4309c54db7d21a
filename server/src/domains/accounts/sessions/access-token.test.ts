import assert from 'node:assert/strict'
import { createHmac, generateKeyPairSync, randomBytes, sign } from 'node:crypto'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { describe, test } from 'node:test'
import { isProblem } from '../../../platform/errors.ts'
import { newId, type IdentityId, type SessionId, type UserId } from '../../../platform/ids.ts'
import { createAccessTokens, keyIdOf } from './access-token.ts'
import { claimsOf, forge, headerOf, payloadOf } from '../testing.ts'

const secret = randomBytes(32)
let shiftMs = 0
const clock = { now: () => new Date(Date.now() + shiftMs) }
const tokens = createAccessTokens({ secret, clock })

const subject = { userId: newId<UserId>(), identityId: newId<IdentityId>(), sessionId: newId<SessionId>() }
const fresh = async (): Promise<string> => (await tokens.sign(subject, new Date(clock.now().getTime() + 86_400_000))).token
const secondsFromNow = (seconds: number): number => Math.floor(clock.now().getTime() / 1_000) + seconds

async function refuses(token: string, why = token): Promise<void> {
  const problem = await tokens.read(token).then(() => undefined, (error: unknown) => error)
  assert.ok(isProblem(problem) && problem.code === 'invalid_token' && problem.status === 401, `accepted: ${why}`)
}

test('a token that we signed says for whom it speaks; one made by hand like it is the control of these tests', async () => {
  const read = await tokens.read(await fresh())

  assert.deepEqual({ userId: read.userId, identityId: read.identityId, sessionId: read.sessionId }, subject)
  assert.deepEqual(Object.keys(payloadOf(await fresh())).toSorted(), ['aud', 'exp', 'iat', 'identity_id', 'iss', 'jti', 'sid', 'sub'])
  assert.ok(await tokens.read(forge({ secret })))
})

describe('algorithms and headers', () => {
  test('TOK-01: alg none in any spelling, with and without signature', async () => {
    for (const alg of ['none', 'None', 'nOnE', 'NONE', '']) {
      const token = forge({ secret, header: { alg } })
      await refuses(token)
      await refuses(`${token.slice(0, token.lastIndexOf('.'))}.`)
      await refuses(token.slice(0, token.lastIndexOf('.')))
    }
  })

  test('TOK-02: HS384 and HS512, a public key as HMAC secret, and asymmetric signatures', async () => {
    await refuses(forge({ secret, header: { alg: 'HS384' }, hash: 'sha384' }))
    await refuses(forge({ secret, header: { alg: 'HS512' }, hash: 'sha512' }))
    const { publicKey, privateKey } = generateKeyPairSync('ed25519')
    await refuses(forge({ secret: publicKey.export({ type: 'spki', format: 'pem' }) }))
    const [head, body] = forge({ secret, header: { alg: 'EdDSA' } }).split('.')
    await refuses(`${head}.${body}.${sign(null, Buffer.from(`${head}.${body}`), privateKey).toString('base64url')}`)
  })

  test('TOK-03: a key in the header (jwk, jku, x5u, x5c) is not looked at, and nothing is fetched', async () => {
    let visits = 0
    const server = createServer((_request, response) => { visits += 1; response.end('{}') })
    await new Promise<void>((resolve) => { server.listen(0, '127.0.0.1', resolve) })
    const address = `http://127.0.0.1:${(server.address() as AddressInfo).port}/keys`
    const own = randomBytes(32)

    for (const header of [{ jwk: { kty: 'oct', k: own.toString('base64url') } }, { jku: address }, { x5u: address }, { x5c: ['MIIB'] }]) {
      await refuses(forge({ secret: own, header }))
      await refuses(forge({ secret, header }))
    }

    assert.equal(visits, 0)
    await new Promise((resolve) => { server.close(resolve) })
  })

  test('TOK-04: a kid with a path, SQL, an address or 10 KB', async () => {
    for (const kid of ['../../../etc/passwd', "' or 1=1 --", 'http://127.0.0.1/', 'k'.repeat(10_000), '']) await refuses(forge({ secret, header: { kid } }))
    await refuses(forge({ secret: '', header: { kid: '/dev/null' } }))
  })

  test('TOK-05: crit, b64 and zip', async () => {
    for (const header of [{ crit: ['x'], x: 1 }, { crit: ['exp'] }, { crit: [] }, { crit: ['b64'], b64: false }, { b64: false }, { zip: 'DEF' }]) await refuses(forge({ secret, header }))
  })

  test('TOK-06: another type of token', async () => {
    for (const typ of ['JWT', 'rt+jwt', 'mfa+jwt', 'logout+jwt', 'jwt', '', undefined, 5]) await refuses(forge({ secret, header: { typ } }))
    await refuses(randomBytes(32).toString('base64url'))
  })
})

describe('TOK-24: a changed signing key', () => {
  const next = randomBytes(32)

  test('TOK-24: tokens of the key before are read until none of them can live, new ones carry the new key’s name', async (t) => {
    t.after(() => { shiftMs = 0 })
    const old = await fresh()
    const changed = createAccessTokens({ secret: next, previous: secret, clock })

    assert.equal((await changed.read(old)).userId, subject.userId)
    const { token } = await changed.sign(subject, new Date(clock.now().getTime() + 86_400_000))
    assert.equal(headerOf(token).kid, keyIdOf(next))
    assert.notEqual(headerOf(old).kid, keyIdOf(next))
    await refuses(token, 'a token of the new key, by a server that has only the old one')

    shiftMs = 906_000
    for (const reading of [old, forge({ secret, at: clock.now() })]) await assert.rejects(changed.read(reading), { code: 'invalid_token' })
    assert.ok(await changed.read(forge({ secret: next, at: clock.now() })))
  })

  test('TOK-24, TOK-04: a kid chooses among our own keys only, and never makes a key fit', async () => {
    const changed = createAccessTokens({ secret: next, previous: secret, clock })
    for (const token of [forge({ secret, header: { kid: keyIdOf(next) } }), forge({ secret: next, header: { kid: keyIdOf(secret) } }), forge({ secret, header: { kid: undefined } }), forge({ secret: randomBytes(32) })]) {
      await assert.rejects(changed.read(token), { code: 'invalid_token' })
    }
    assert.ok(await changed.read(forge({ secret })))
    await assert.rejects(createAccessTokens({ secret: next, clock }).read(forge({ secret })), { code: 'invalid_token' })
  })
})

describe('claims', () => {
  test('TOK-07: a claim is missing', async () => {
    for (const name of ['exp', 'iat', 'sub', 'jti', 'sid', 'identity_id', 'iss', 'aud']) await refuses(forge({ secret, claims: { [name]: undefined } }), name)
  })

  test('TOK-08: it would live too long, or its times are no times', async () => {
    for (const exp of [secondsFromNow(901), secondsFromNow(86_400), 1e30, String(secondsFromNow(60)), -1, 0, null, secondsFromNow(60) + 0.5]) await refuses(forge({ secret, claims: { exp } }), String(exp))
    for (const iat of ['1', -1, null, 1e30, secondsFromNow(0) - 0.5]) await refuses(forge({ secret, claims: { iat } }), String(iat))
  })

  test('TOK-08: it is over', async () => {
    await refuses(forge({ secret, claims: { iat: secondsFromNow(-910), exp: secondsFromNow(-10) } }))
    await refuses(forge({ secret, claims: { iat: secondsFromNow(-3_600), exp: secondsFromNow(60) } }))
  })

  test('TOK-09: an id that is none', async () => {
    for (const name of ['sub', 'sid', 'identity_id', 'jti']) {
      for (const value of [{}, { id: 1 }, [], 5, true, null, '', 'admin', `${newId()} `, newId().toUpperCase(), "' or 1=1"]) await refuses(forge({ secret, claims: { [name]: value } }), `${name} ${JSON.stringify(value)}`)
    }
  })

  test('TOK-10: not before, or issued, more than 30 seconds ahead', async () => {
    await refuses(forge({ secret, claims: { iat: secondsFromNow(31), exp: secondsFromNow(600) } }))
    await refuses(forge({ secret, claims: { nbf: secondsFromNow(31) } }))
  })

  test('TOK-11: another issuer or audience', async () => {
    for (const other of ['other', 'CHENU', 'chenu ', '', ['other'], ['chenu', 'other'], null, {}]) {
      await refuses(forge({ secret, claims: { iss: other } }))
      await refuses(forge({ secret, claims: { aud: other } }))
    }
  })

  test('a claim that we do not write', async () => {
    await refuses(forge({ secret, claims: { role: 'admin' } }))
  })
})

describe('the text of a token', () => {
  test('TOK-12: every single-bit change of a valid token', async () => {
    const token = await fresh()
    const bytes = Buffer.from(token, 'latin1')
    for (let bit = 0; bit < bytes.length * 8; bit += 1) {
      const changed = Buffer.from(bytes)
      changed[bit >> 3] = (changed[bit >> 3] ?? 0) ^ (1 << (bit & 7))
      await refuses(changed.toString('latin1'), `bit ${bit}`)
    }
    assert.ok(await tokens.read(token))
  })

  test('TOK-13: every spelling but ours: padding, blanks, newlines, the other alphabet, loose last bits, more or fewer segments', async () => {
    const token = forge({ secret, claims: { jti: newId() } })
    const [head = '', body = '', signature = ''] = token.split('.')
    const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_'
    const loose = `${signature.slice(0, -1)}${alphabet[alphabet.indexOf(signature.at(-1) ?? '') ^ 1]}`
    assert.deepEqual(Buffer.from(loose, 'base64url'), Buffer.from(signature, 'base64url'), 'another spelling of the same bytes')

    const spellings = [
      `${token}=`, `${head}=.${body}.${signature}`, `${token} `, ` ${token}`, `${head}.${body}\n.${signature}`, `${token}\n`, `${head} .${body}.${signature}`, `${head}.${body}.${loose}`,
      `${head}.${body}.${signature}.`, `.${token}`, `${token}.${signature}`, `${head}..${signature}`, `${head}.${body}`, '', '.', '..',
    ]
    for (const spelling of spellings) await refuses(spelling, JSON.stringify(spelling))
    const plain = Buffer.from(signature, 'base64url').toString('base64')
    if (plain.replaceAll('=', '') !== signature) await refuses(`${head}.${body}.${plain.replaceAll('=', '')}`)
  })

  test('a payload of other bytes than its claims: valid signature, no JSON, JSON of another shape', async () => {
    for (const body of ['', 'null', '[]', '"x"', '5', '{', JSON.stringify([claimsOf(clock.now())])]) {
      const signed = `${Buffer.from(`{"alg":"HS256","typ":"at+jwt","kid":"${keyIdOf(secret)}"}`).toString('base64url')}.${Buffer.from(body).toString('base64url')}`
      await refuses(`${signed}.${createHmac('sha256', secret).update(signed).digest('base64url')}`, body)
    }
  })

  test('TOK-17: over 8 KiB', async () => {
    await refuses(forge({ secret, claims: { jti: newId(), pad: 'x'.repeat(9_000) } }))
    await refuses('x'.repeat(1_000_000))
  })
})

test('TOK-27: a token that was read before is refused when the clock says so, forwards and back', async (t) => {
  t.after(() => { shiftMs = 0 })
  const token = await fresh()
  await tokens.read(token)

  shiftMs = 2 * 3_600_000
  await refuses(token)
  shiftMs = -3 * 86_400_000
  await refuses(token)
  shiftMs = 0

  assert.ok(await tokens.read(token))
})
