import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { headerFault } from './header-fault.ts'
import { isLoopbackAddress, isPublicAddress } from './public-address.ts'
import { readWebhookUrl } from './webhook-url.ts'
import { createWebhookClient } from './post-webhook.ts'

const STRICT = { allowHttp: false, allowLoopback: false }

/** What people have called this machine, its network and its cloud, to get past a rule that knew fewer names. */
const INSIDE_HOSTS = [
  'localhost', 'LOCALHOST', 'localhost.', 'LocalHost.', 'foo.localhost', 'localhost.localdomain', '127.0.0.1', '127.0.0.1.', '127.1', '127.0.1', '127.255.255.254', '127.000.000.001',
  '0177.0.0.1', '0177.1', '0x7f.0.0.1', '0x7f.1', '0x7f000001', '0X7F000001', '2130706433', '017700000001', '0x7f.0x0.0x0.0x1', '0', '0.0.0.0', '0x0', '00000000', '0.0', '127.0.0.0x1',
  '１２７.０.０.１', '①②⑦.⓪.⓪.①', '127。0。0。1', '127．0．0．1', 'ｌｏｃａｌｈｏｓｔ', 'ⓛⓞⓒⓐⓛⓗⓞⓢⓣ', '%31%32%37.0.0.1', '127.0.0.%31', 'loc%61lhost',
  '[::1]', '[0:0:0:0:0:0:0:1]', '[0000:0000:0000:0000:0000:0000:0000:0001]', '[::]', '[::ffff:127.0.0.1]', '[::ffff:7f00:1]', '[0:0:0:0:0:ffff:127.0.0.1]', '[::127.0.0.1]', '[::7f00:1]', '[::ffff:0:127.0.0.1]',
  '[64:ff9b::127.0.0.1]', '[64:ff9b::7f00:1]', '[64:ff9b:1::a00:1]', '[2002:7f00:1::]', '[2002:a00:1::1]', '[2002:a9fe:a9fe::]', '[2001::1]', '[2001:0:7f00:1::]', '[fe80::1]', '[febf::1]', '[fec0::1]',
  '[fc00::1]', '[fd00::1]', '[fd00:ec2::254]', '[ff02::1]', '[ff0e::1]', '[100::1]', '[2001:db8::1]', '[4000::1]', '[5f00::1]', '[::ffff:a9fe:a9fe]', '[::ffff:169.254.169.254]', '[::ffff:10.0.0.1]', '[64:ff9b::169.254.169.254]',
  '10.0.0.1', '10.255.255.255', '012.0.0.1', '0xa.0.0.1', '167772161', '172.16.0.1', '172.31.255.255', '192.168.0.1', '192.168.1', '0xc0a80001', '3232235521', '100.64.0.1', '100.100.100.200', '100.127.255.255',
  '169.254.169.254', '169.254.43518', '0xa9fea9fe', '2852039166', '0251.0376.0251.0376', '0xa9.0xfe.0xa9.0xfe', '169.254.170.2', '168.63.129.16', '192.0.0.192', '192.0.0.1', '192.0.2.1', '198.18.0.1', '198.51.100.1', '203.0.113.1',
  '192.88.99.1', '224.0.0.1', '239.255.255.255', '240.0.0.1', '255.255.255.255', 'metadata.google.internal', 'metadata.google.internal.', 'METADATA.GOOGLE.INTERNAL', 'metadata', 'instance-data', 'kubernetes.default.svc.cluster.local',
  'printer.local', 'router.lan', 'db.internal', 'host.docker.internal', '1.0.0.127.in-addr.arpa', 'x.onion', 'intranet', 'postgres', 'redis',
]

test('WHK-02: spellings of this machine, its network and its cloud are refused, and none of them is connected to', async () => {
  assert.ok(new Set(INSIDE_HOSTS).size >= 88, String(new Set(INSIDE_HOSTS).size))
  const client = createWebhookClient({ ...STRICT, resolve: () => assert.fail('a refused host was looked up') })

  for (const host of INSIDE_HOSTS) {
    const url = `https://${host}/hook`
    assert.ok('fault' in readWebhookUrl(url, STRICT), `${host} was taken`)
    const { status, fault } = await client.post({ url, headers: {}, body: '{}' }, new AbortController().signal)
    assert.equal(status, null)
    assert.match(fault ?? '', /^refused_/, host)
  }
  await client.close()
})

test('what is on the internet is taken, in one spelling', () => {
  const table: Array<[string, string]> = [
    ['https://Hooks.Example.COM/a?b=c#d', 'https://hooks.example.com/a?b=c'], ['https://example.com:443/', 'https://example.com/'], ['https://example.com:8443', 'https://example.com:8443/'],
    ['https://93.184.215.14/x', 'https://93.184.215.14/x'], ['https://[2606:2800:21f:cb07:6820:80da:af6b:8b2c]/', 'https://[2606:2800:21f:cb07:6820:80da:af6b:8b2c]/'],
    ['https://bücher.example.net/', 'https://xn--bcher-kva.example.net/'], ['https://172.15.0.1/', 'https://172.15.0.1/'], ['https://172.32.0.1/', 'https://172.32.0.1/'],
  ]
  for (const [text, url] of table) assert.deepEqual(readWebhookUrl(text, STRICT), { url }, text)
})

test('WHK-01: a scheme that is not https is refused; http only where it is configured', () => {
  for (const text of ['http://example.com/', 'HTTP://example.com/', 'ftp://example.com/', 'file:///etc/passwd', 'gopher://example.com/', 'javascript:alert(1)', 'data:text/plain,x', 'ws://example.com/', 'unix:/var/run/docker.sock']) {
    assert.deepEqual(readWebhookUrl(text, STRICT), { fault: 'scheme' }, text)
  }
  assert.deepEqual(readWebhookUrl('http://example.com/', { ...STRICT, allowHttp: true }), { url: 'http://example.com/' })
  assert.ok('fault' in readWebhookUrl('http://127.0.0.1:8080/', { ...STRICT, allowHttp: true }), 'http does not open loopback')
  assert.ok('fault' in readWebhookUrl('http://10.0.0.1/', { allowHttp: true, allowLoopback: true }), 'loopback does not open the network')
})

test('WHK-06: credentials and ports outside the list are refused', () => {
  for (const authority of ['user@example.com', 'user:pass@example.com', ':@example.com', '@example.com', 'example.com%40evil.example.net@example.com', 'a:b@example.com:443']) assert.deepEqual(readWebhookUrl(`https://${authority}/`, STRICT), { fault: 'credentials' }, authority)
  for (const port of [22, 25, 80, 81, 3306, 5432, 6379, 8080, 9200, 65535, 0]) assert.deepEqual(readWebhookUrl(`https://example.com:${port}/`, STRICT), { fault: 'port' }, String(port))
  for (const text of ['https://example.com:99999/', 'https://example.com:http/', 'https:///x', 'https:example.com', '//example.com', 'example.com', '', 'https://', 'https://exa mple.com/', 'https://example.com\\@evil.net/', 'https://example.com/\r\nx: y', 'https://exam\tple.com/', 'https://example.com\u0000/', 'https://ex\u202eample.com/', 'https://[::1', 'https://a..com/', 'https://-/']) {
    assert.ok('fault' in readWebhookUrl(text, STRICT), JSON.stringify(text))
  }
  assert.deepEqual(readWebhookUrl(`https://example.com/${'x'.repeat(2_000)}`, STRICT), { fault: 'too_long' })
})

/** Texts that look like URLs, and some that parsers disagree about. */
const trickyUrl = (): fc.Arbitrary<string> => fc.tuple(
  fc.constantFrom('https://', 'https:/', 'https:\\\\', 'HTTPS://', 'https:///', 'https:', 'http://', ' https://', 'https://x@', 'https://x:y@', 'https://a#@', 'https://a?@', 'https://a/@'),
  fc.oneof(fc.constantFrom(...INSIDE_HOSTS), fc.constantFrom('example.com', 'a.b.example.net', '93.184.215.14', '1.1.1.1', 'xn--bcher-kva.example.net', 'EXAMPLE.com'), fc.domain(), fc.ipV4(), fc.ipV4Extended(), fc.ipV6().map((ip) => `[${ip}]`)),
  fc.constantFrom('', '.', ':443', ':8443', ':80', ':0x1bb', '#@127.0.0.1', '?@127.0.0.1', '/@127.0.0.1', '\\@127.0.0.1', '%2e', '%00', ':443@127.0.0.1', ';x'),
  fc.constantFrom('', '/', '/a/../b', '?q', '#f', '/%2e%2e/'),
).map((parts) => parts.join(''))

test('WHK-05: for any URL, the host that was checked is the host that is connected to, or it is refused', async () => {
  const asked: string[] = []
  const client = createWebhookClient({ ...STRICT, resolve: (hostname, done) => { asked.push(hostname); done(Object.assign(new Error('no'), { code: 'ENOTFOUND' }), []) } })
  let taken = 0
  await fc.assert(fc.asyncProperty(trickyUrl(), async (text) => {
    const read = readWebhookUrl(text, STRICT)
    if ('fault' in read) return
    const host = new URL(read.url).hostname
    assert.equal(new URL(text).hostname, host)
    assert.deepEqual(readWebhookUrl(read.url, STRICT), read, 'reading what was read changes nothing')
    if (/^[\d.]+$|^\[/.test(host)) return assert.ok(isPublicAddress(host.replace(/[[\]]/g, '')), host)
    asked.length = 0
    taken += 1
    await client.post({ url: text, headers: {}, body: '' }, new AbortController().signal)
    assert.deepEqual(asked, [host])
  }), { numRuns: 4_000 })
  await client.close()
  assert.ok(taken > 50, `only ${taken} were taken`)
})

test('an address of the inside is never public, however it is written', () => {
  fc.assert(fc.property(fc.constantFrom(10, 127, 0), fc.nat(255), fc.nat(255), fc.nat(255), (a, b, c, d) => {
    const v4 = `${a}.${b}.${c}.${d}`
    for (const spelling of [v4, `::ffff:${v4}`, `::${v4}`, `64:ff9b::${v4}`, `2002:${((a << 8) | b).toString(16)}:${((c << 8) | d).toString(16)}::1`]) assert.equal(isPublicAddress(spelling), false, spelling)
  }))
  for (const nonsense of ['', 'x', '1.2.3', '1.2.3.4/8', ':::', '1.2.3.4%eth0']) assert.equal(isPublicAddress(nonsense) && !/^1\.2\.3$/.test(nonsense), false, nonsense)
  assert.deepEqual(['127.0.0.1', '::1', '::ffff:127.0.0.1', '10.0.0.1', '8.8.8.8'].map(isLoopbackAddress), [true, true, false, false, false])
})

test('WHK-15: line breaks, names that steer and names that are not names are refused', () => {
  for (const name of ['Host', 'content-length', 'Transfer-Encoding', 'connection', 'cookie', 'Authorization', 'webhook-id', 'Webhook-Signature', 'proxy-authorization', 'X-Forwarded-For', 'user-agent', 'expect', 'metadata-flavor', 'X-aws-ec2-metadata-token']) assert.equal(headerFault({ [name]: 'x' })?.fault, 'forbidden', name)
  for (const name of ['', 'a b', 'a:b', 'a\r\nb', 'é', 'x\u0000', 'x'.repeat(65)]) assert.equal(headerFault({ [name]: 'x' })?.fault, 'name', JSON.stringify(name))
  for (const value of ['a\r\nb: c', 'a\nb', 'a\rb', 'a\u0000', 'é', '\u2028', 'x'.repeat(501)]) assert.equal(headerFault({ 'x-mine': value })?.fault, 'value', JSON.stringify(value))
  assert.equal(headerFault({ 'X-Mine': 'ok', 'x-other': '' }), undefined)
})
