import assert from 'node:assert/strict'
import { test } from 'node:test'
import { addressOf, refusalOf } from './handshake.ts'

const settings = { CORS_ORIGINS: ['https://console.example.org'], PUBLIC_HOSTS: [] as string[] }

const ORIGINS: Array<[origin: string | undefined, cookie: string | undefined, allowed: boolean]> = [
  [undefined, undefined, true], [undefined, 'a=b', false], ['https://console.example.org', undefined, true], ['https://console.example.org', 'a=b', true],
  ['http://chenu.example.org:8000', undefined, true], ['http://chenu.example.org', undefined, false], ['http://evil.example.org', undefined, false],
  ['null', undefined, false], ['', undefined, false], ['https://console.example.org.evil.org', undefined, false], ['https://CONSOLE.example.org', undefined, false], ['file://', undefined, false],
]

for (const [origin, cookie, allowed] of ORIGINS) {
  test(`WS-01: origin ${origin ?? 'missing'}${cookie ? ' beside a cookie' : ''} is ${allowed ? 'let in' : 'refused'}`, () => {
    const headers = { host: 'chenu.example.org:8000', ...(origin === undefined ? {} : { origin }), ...(cookie === undefined ? {} : { cookie }) }

    assert.equal(refusalOf({ url: '/ws', headers }, settings)?.status, allowed ? undefined : 403)
  })
}

test('WS-03: a token in the address is refused, good or bad, and by any name', () => {
  for (const query of ['token=x', 'access_token=x', 'a=1&TOKEN=x', 'jwt=x', 'authorization=Bearer%20x', 'apikey=x', 'x=eyJhbGciOiJIUzI1NiJ9.e30.x', 'x=eyJhbGciOiJIUzI1NiJ9%2Ee30', 'refresh_token=x']) {
    assert.equal(refusalOf({ url: `/ws?${query}`, headers: {} }, settings)?.status, 401, query)
  }
  assert.equal(refusalOf({ url: '/ws?version=2', headers: {} }, settings), undefined)
})

test('only /ws takes sockets', () => {
  for (const url of ['/', '/ws/', '/ws/stats', '/WS', '/api/v2/notes', '//ws', '/ws%20', undefined]) {
    assert.equal(refusalOf({ ...(url === undefined ? {} : { url }), headers: {} }, settings)?.status, 404, url)
  }
})

test('with PUBLIC_HOSTS another host is refused', () => {
  const hosts = { ...settings, PUBLIC_HOSTS: ['chenu.example.org'] }

  assert.equal(refusalOf({ url: '/ws', headers: { host: 'chenu.example.org:8000' } }, hosts), undefined)
  assert.equal(refusalOf({ url: '/ws', headers: { host: 'evil.example.org' } }, hosts)?.status, 421)
  assert.equal(refusalOf({ url: '/ws', headers: {} }, hosts)?.status, 421)
})

test('the address is the one that the outermost trusted proxy saw; what a client writes itself is not believed', () => {
  const request = (forwarded?: string) => ({ headers: forwarded === undefined ? {} : { 'x-forwarded-for': forwarded }, socket: { remoteAddress: '10.0.0.1' } }) as unknown as Parameters<typeof addressOf>[0]

  assert.equal(addressOf(request('6.6.6.6'), 0), '10.0.0.1')
  assert.equal(addressOf(request('6.6.6.6, 198.51.100.7'), 1), '198.51.100.7')
  assert.equal(addressOf(request('6.6.6.6, 198.51.100.7, 10.0.0.2'), 2), '198.51.100.7')
  assert.equal(addressOf(request(), 1), '10.0.0.1')
})
