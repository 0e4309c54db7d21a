import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { openWire, rawRequest, readAnswer, sendRaw, untilClosed, withJson } from '../../testing/wire.ts'
import { HEADER_BYTES_MAX, TIMEOUTS } from './node-server.ts'
import { SAFE_HEADERS } from './safe-headers.ts'
import { startBareServer, type BareServer } from './testing.ts'

const QUICK = { headersMs: 120, requestMs: 240, keepAliveMs: 120, checkMs: 20 }

let bare: BareServer
let quick: BareServer
const ran: unknown[] = []
before(async () => {
  const mount = (server: BareServer['server']): void => {
    server.post('/echo', async (request) => {
      ran.push(request.body)
      return { got: request.body ?? null }
    })
    server.get('/echo', async () => ({ got: null }))
    server.get('/redirect', async (_request, reply) => reply.header('location', '/x').send({}))
    server.get('/stream', (_request, reply) => {
      reply.raw.writeHead(200, { 'content-type': 'text/plain', 'content-length': '100' })
      reply.raw.write('a beginning')
      reply.hijack()
    })
  }
  bare = await startBareServer({ mount })
  quick = await startBareServer({ mount, timeouts: QUICK })
})
after(async () => {
  await bare.server.close()
  await quick.server.close()
})

const post = (headers: string[], body: string): string => rawRequest('POST /echo', ['Content-Type: application/json', ...headers], body)

/** What no proxy and we could read alike, or is no HTTP at all. */
const BROKEN: Record<string, string | Buffer> = {
  'Content-Length and Transfer-Encoding': post(['Content-Length: 4', 'Transfer-Encoding: chunked'], '0\r\n\r\n'),
  'Transfer-Encoding and Content-Length': post(['Transfer-Encoding: chunked', 'Content-Length: 4'], '0\r\n\r\n'),
  'two Content-Lengths': post(['Content-Length: 2', 'Content-Length: 3'], '{} '),
  'the same Content-Length twice': post(['Content-Length: 2', 'Content-Length: 2'], '{}'),
  'a list as Content-Length': post(['Content-Length: 2, 2'], '{}'),
  'a signed Content-Length': post(['Content-Length: +2'], '{}'),
  'a negative Content-Length': post(['Content-Length: -2'], '{}'),
  'a Content-Length in hex': post(['Content-Length: 0x2'], '{}'),
  'a Content-Length out of range': post(['Content-Length: 99999999999999999999'], '{}'),
  'an unknown coding': post(['Transfer-Encoding: xchunked'], '0\r\n\r\n'),
  'chunked twice': post(['Transfer-Encoding: chunked', 'Transfer-Encoding: chunked'], '2\r\n{}\r\n0\r\n\r\n'),
  'chunked twice in a list': post(['Transfer-Encoding: chunked, chunked'], '2\r\n{}\r\n0\r\n\r\n'),
  'gzip below chunked': post(['Transfer-Encoding: gzip, chunked'], '2\r\n{}\r\n0\r\n\r\n'),
  'chunked not last': post(['Transfer-Encoding: chunked, identity'], '2\r\n{}\r\n0\r\n\r\n'),
  'identity': post(['Transfer-Encoding: identity'], '{}'),
  'a quoted coding': post(['Transfer-Encoding: "chunked"'], '2\r\n{}\r\n0\r\n\r\n'),
  'a blank before the colon': post(['Transfer-Encoding : chunked'], '2\r\n{}\r\n0\r\n\r\n'),
  'a vertical tab in the coding': post(['Transfer-Encoding:\u000bchunked'], '2\r\n{}\r\n0\r\n\r\n'),
  'a folded header': post(['Transfer-Encoding:', ' chunked'], '2\r\n{}\r\n0\r\n\r\n'),
  'a header without a colon': post(['Transfer-Encoding chunked'], ''),
  'an empty header name': post([': chunked'], ''),
  'a NUL in a header': post(['X: a\0b'], ''),
  'a line feed alone in a header': post(['X: a\nY: b'], ''),
  'a carriage return alone in a header': post(['X: a\rY: b'], ''),
  'a chunk size that is none': post(['Transfer-Encoding: chunked'], 'zz\r\n{}\r\n0\r\n\r\n'),
  'a chunk size in a sign': post(['Transfer-Encoding: chunked'], '-2\r\n{}\r\n0\r\n\r\n'),
  'a chunk size out of range': post(['Transfer-Encoding: chunked'], 'fffffffffffffffff\r\n{}\r\n0\r\n\r\n'),
  'a chunk longer than its size': post(['Transfer-Encoding: chunked'], '1\r\n{}\r\n0\r\n\r\n'),
  'chunks that end in line feeds': post(['Transfer-Encoding: chunked'], '2\n{}\n0\n\n'),
  'a TLS greeting': Buffer.from('16030100c8010000c40303', 'hex'),
  'HTTP/2': 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n',
  'HTTP/0.9': 'GET /echo\r\n\r\n',
  'a version that is none': rawRequest('GET /echo').replace('HTTP/1.1', 'HTTP/9.1'),
  'a method that is none': rawRequest('GE,T /echo'),
  'a method in lower case': rawRequest('get /echo'),
  'line feeds alone': 'GET /echo HTTP/1.1\nHost: x\n\n',
  'a space in the address': rawRequest('GET /echo /x'),
  'a control character in the address': rawRequest('GET /ec\x01ho'),
  'no host': 'GET /echo HTTP/1.1\r\nConnection: close\r\n\r\n',
  'two hosts': 'GET /echo HTTP/1.1\r\nHost: a\r\nHost: b\r\nConnection: close\r\n\r\n',
  'only noise': Buffer.from(Array.from({ length: 600 }, (_, n) => (n * 37) % 256)),
}

for (const [name, bytes] of Object.entries(BROKEN)) {
  test(`HDR-09, ERR-12: ${name}: 400 as a problem, the connection is closed and nothing behind it is read`, async () => {
    ran.length = 0
    const smuggled = Buffer.concat([Buffer.from(bytes), Buffer.from(rawRequest('GET /smuggled'))])

    const { status, headers, body, text } = await sendRaw(bare.url, smuggled)

    assert.equal(status, 400, text.slice(0, 300))
    assert.equal(headers['content-type'], 'application/problem+json; charset=utf-8')
    assert.equal(headers.connection, 'close')
    for (const [header, value] of Object.entries(SAFE_HEADERS)) assert.equal(headers[header], value)
    const problem = JSON.parse(body)
    assert.deepEqual([problem.type, problem.status, problem.code, problem.request_id], ['urn:chenu:problem:malformed_request', 400, 'malformed_request', headers['x-request-id']])
    assert.equal(text.split('HTTP/1.1 ').length, 2, 'one answer')
    assert.deepEqual(ran, [])
  })
}

test('ERR-12: the server lives on after all of them, and their answers’ ids are in the log', async () => {
  assert.deepEqual((await fetch(`${bare.url}/echo`)).status, 200)
  assert.ok(bare.logLines.some((line) => JSON.parse(line).msg === 'broken request'))
})

test('ERR-12: 400 mutations of a request, in bytes and lengths, are answered with 2xx, 4xx or a closed connection', async () => {
  const good = post(['Content-Length: 12'], '{"title":"x"}')
  let seed = 20_260_101
  const random = (below: number): number => {
    seed = (Math.imul(seed, 1_664_525) + 1_013_904_223) >>> 0
    return seed % below
  }
  for (let n = 0; n < 400; n += 1) {
    const bytes = Buffer.from(good, 'latin1')
    for (let changes = 0; changes <= random(4); changes += 1) bytes[random(bytes.length)] = random(256)
    const socket = await openWire(bare.url)
    const closed = untilClosed(socket)
    socket.end(bytes.subarray(0, random(6) === 0 ? random(bytes.length) : bytes.length))
    const { status } = readAnswer(await closed)
    assert.ok(status === 0 || (status >= 200 && status < 300) || (status >= 400 && status < 500), `${status} for ${JSON.stringify(bytes.toString('latin1'))}`)
  }
  assert.equal((await fetch(`${bare.url}/echo`)).status, 200)
})

test('ERR-12: what breaks while another answer is under way is cut off, not written into it', async () => {
  const socket = await openWire(bare.url)
  const closed = untilClosed(socket)
  socket.write('GET /stream HTTP/1.1\r\nHost: x\r\n\r\n')
  socket.once('data', () => { socket.write('\0\0\0 garbage\r\n\r\n') })

  assert.match(await closed, /a beginning$/)
})

test('HDR-08: line breaks, however they are written, add no header to an answer', async () => {
  const breaks = ['%0d%0a', '%0a', '%0d', '%E5%98%8A%E5%98%8D', '%u000a', '\\r\\n', '%5cr%5cn', '%250d%250a', '\u010a'.normalize()]
  for (const broken of breaks) {
    const injected = `x${broken}Set-Cookie:planted=1${broken}${broken}<script>`
    for (const request of [
      rawRequest(`GET /echo?x=${encodeURI(injected).replaceAll('%25', '%')}`), rawRequest(`GET /${encodeURI(injected).replaceAll('%25', '%')}`), rawRequest('GET /echo', [`X-Request-Id: ${encodeURIComponent(injected)}`]),
      rawRequest('GET /echo', [`Origin: https://${encodeURIComponent(injected)}`]), rawRequest('GET /echo', [`Accept-Language: ${encodeURIComponent(injected)}`]), rawRequest('GET /redirect', [`X-Forwarded-Host: ${encodeURIComponent(injected)}`]),
    ]) {
      const { headers, text } = await sendRaw(bare.url, Buffer.from(request, 'latin1'))
      assert.equal(headers['set-cookie'], undefined)
      assert.equal(headers.planted, undefined)
      assert.doesNotMatch(text, /planted|script>/)
    }
  }
})

test('HDR-13: headers beyond 16 KiB or 100 fields are 431', async () => {
  const fields = (count: number): string[] => Array.from({ length: count }, (_, n) => `x-${n}: 1`)
  const answers = await Promise.all([
    sendRaw(bare.url, rawRequest('GET /echo', [`x: ${'y'.repeat(HEADER_BYTES_MAX)}`])), sendRaw(bare.url, rawRequest(`GET /${'y'.repeat(HEADER_BYTES_MAX)}`)),
    sendRaw(bare.url, rawRequest('GET /echo', fields(99))), sendRaw(bare.url, rawRequest('GET /echo', fields(500))),
  ])

  assert.equal(HEADER_BYTES_MAX, 16_384)
  for (const { status, headers, body } of answers) {
    assert.deepEqual([status, JSON.parse(body).code], [431, 'headers_too_large'])
    for (const [header, value] of Object.entries(SAFE_HEADERS)) assert.equal(headers[header], value)
  }
  assert.equal((await sendRaw(bare.url, rawRequest('GET /echo', fields(98)))).status, 200)
})

test('ERR-08: a body beyond its limit is 413, declared or streamed', async () => {
  const long = 'x'.repeat(1_048_577)
  const declared = await sendRaw(bare.url, post(['Content-Length: 1048577'], '{'))
  const streamed = await sendRaw(bare.url, post(['Transfer-Encoding: chunked'], `${(long.length + 2).toString(16)}\r\n"${long}"\r\n0\r\n\r\n`))
  const extensions = await sendRaw(bare.url, post(['Transfer-Encoding: chunked'], `2;${'x'.repeat(20_000)}\r\n{}\r\n0\r\n\r\n`))

  for (const { status, body } of [declared, streamed, extensions]) assert.deepEqual([status, JSON.parse(body).code], [413, 'payload_too_large'])
})

test('HDR-14: slow headers and a slow body are 408, in 5 and 10 seconds outside of tests', async () => {
  assert.deepEqual(TIMEOUTS, { headersMs: 5_000, requestMs: 10_000, keepAliveMs: 15_000, checkMs: 1_000 })
  const beginnings = ['GET /echo HTTP/1.1\r\nHost: x\r\nX-Slow:', post(withJson('{"title":"x"}'), '{"ti'), post(['Transfer-Encoding: chunked'], '5\r\n{"t')]
  for (const beginning of beginnings) {
    const { status, headers, body } = await sendRaw(quick.url, beginning)

    assert.equal(status, 408)
    assert.equal(JSON.parse(body).code, 'request_timeout')
    assert.equal(headers.connection, 'close')
    for (const [header, value] of Object.entries(SAFE_HEADERS)) assert.equal(headers[header], value)
  }
})

test('HDR-14: 200 slow connections, and one that says nothing at all, are all closed', async () => {
  const slow = await Promise.all(Array.from({ length: 200 }, async (_, n) => {
    const socket = await openWire(quick.url)
    const closed = untilClosed(socket)
    if (n > 0) socket.write(n % 2 === 0 ? 'GET /echo HTTP/1.1\r\n' : post(withJson('{"title":"x"}'), '{'))
    return closed
  }))

  assert.equal(slow.slice(1).filter((text) => readAnswer(text).status === 408).length, 199)
})

test('HDR-14: a kept connection on which nothing follows is closed', async () => {
  const socket = await openWire(quick.url)
  const closed = untilClosed(socket)
  socket.write('GET /echo HTTP/1.1\r\nHost: x\r\n\r\n')

  assert.equal(readAnswer(await closed).status, 200)
})

test('a client that offers HTTP/2 is answered in HTTP/1.1, and an expectation that nobody knows is no reason to refuse', async () => {
  const offered = await sendRaw(bare.url, 'GET /echo HTTP/1.1\r\nHost: x\r\nConnection: Upgrade, HTTP2-Settings, close\r\nUpgrade: h2c\r\nHTTP2-Settings: AAMAAABkAAQAAP__\r\n\r\n')
  const expected = await sendRaw(bare.url, post(['Expect: magic', 'Content-Length: 2'], '{}'))

  assert.deepEqual([offered.status, expected.status], [200, 200])
})
