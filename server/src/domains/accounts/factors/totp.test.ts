import assert from 'node:assert/strict'
import { test } from 'node:test'
import { generateSync } from 'otplib'
import { newTotpSecret, otpauthOf, STEP_SECONDS, stepOf } from './totp.ts'

/** RFC 6238, appendix B: seconds, and the eight digits for SHA-1, SHA-256 and SHA-512. */
const VECTORS: Array<[number, string, string, string]> = [
  [59, '94287082', '46119246', '90693936'], [1_111_111_109, '07081804', '68084774', '25091201'], [1_111_111_111, '14050471', '67062674', '99943326'],
  [1_234_567_890, '89005924', '91819424', '93441116'], [2_000_000_000, '69279037', '90698825', '38618901'], [20_000_000_000, '65353130', '77737706', '47863826'],
]
/** The seeds of the vectors, as its errata has them: 20, 32 and 64 bytes. */
const seedOf = (bytes: number): Uint8Array => new TextEncoder().encode('1234567890'.repeat(7).slice(0, bytes))
const RFC_SECRET = 'GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ'
const at = (seconds: number): Date => new Date(seconds * 1_000)

test('TFA-04: the eighteen vectors of RFC 6238', () => {
  for (const [epoch, sha1, sha256, sha512] of VECTORS) {
    assert.equal(generateSync({ secret: seedOf(20), epoch, digits: 8, algorithm: 'sha1' }), sha1)
    assert.equal(generateSync({ secret: seedOf(32), epoch, digits: 8, algorithm: 'sha256' }), sha256)
    assert.equal(generateSync({ secret: seedOf(64), epoch, digits: 8, algorithm: 'sha512' }), sha512)
  }
})

test('TFA-04: the same vectors, as the six digits that we ask for', () => {
  for (const [epoch, sha1] of VECTORS) assert.equal(stepOf(RFC_SECRET, sha1.slice(2), at(epoch)), Math.floor(epoch / STEP_SECONDS))
})

test('TFA-05: a code of this step and of the one before; neither of the next nor of older ones', () => {
  const secret = newTotpSecret()
  for (const second of [0, 1, 15, 29]) {
    const now = 1_800_000_000 + second
    const codeAt = (seconds: number): string => generateSync({ secret, epoch: seconds })
    const step = Math.floor(now / STEP_SECONDS)

    assert.equal(stepOf(secret, codeAt(now), at(now)), step)
    assert.equal(stepOf(secret, codeAt(now - STEP_SECONDS), at(now)), step - 1)
    const others = [now + STEP_SECONDS, now - 2 * STEP_SECONDS, now - 3 * STEP_SECONDS].map(codeAt).filter((code) => code !== codeAt(now) && code !== codeAt(now - STEP_SECONDS))
    for (const code of others) assert.equal(stepOf(secret, code, at(now)), undefined)
  }
})

test('TFA-02: a secret is 160 random bits, each its own, and the address of it names account and product', () => {
  const secrets = Array.from({ length: 100 }, newTotpSecret)

  assert.equal(new Set(secrets).size, 100)
  for (const secret of secrets) assert.match(secret, /^[A-Z2-7]{32}$/)
  const url = new URL(otpauthOf(secrets[0] ?? '', 'ada@example.org'))
  assert.deepEqual([url.protocol, url.host, decodeURIComponent(url.pathname), url.searchParams.get('secret')], ['otpauth:', 'totp', '/CHE·NU:ada@example.org', secrets[0]])
})
