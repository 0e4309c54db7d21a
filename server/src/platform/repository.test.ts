import assert from 'node:assert/strict'
import { readdirSync, readFileSync, statSync } from 'node:fs'
import { join, relative } from 'node:path'
import { test } from 'node:test'

const ROOT = join(import.meta.dirname, '../../..')
const OUTSIDE = new Set(['node_modules', '.git', 'data'])
/** Checksums of packages, which are long and random and no secret. */
const CHECKSUMS = new Set(['package-lock.json'])

/** What the secrets of others look like. */
const PATTERNS: Record<string, RegExp> = {
  'a private key': /-----BEGIN [A-Z ]*PRIVATE KEY-----\s+[A-Za-z0-9+/=]{20}/, 'a key of Anthropic': /sk-ant-[a-z0-9]+-[A-Za-z0-9_-]{20,}/, 'a key of OpenAI': /sk-(?:proj-)?[A-Za-z0-9]{32,}/,
  'a key of AWS': /\b(?:AKIA|ASIA)[A-Z0-9]{16}\b/, 'a token of GitHub': /\bgh[pousr]_[A-Za-z0-9]{30,}/, 'a token of Slack': /\bxox[abprs]-[A-Za-z0-9-]{10,}/, 'a key of Google': /\bAIza[A-Za-z0-9_-]{30,}/,
  'a token of npm': /\bnpm_[A-Za-z0-9]{30,}/, 'a signed token': /\beyJ[A-Za-z0-9_-]{15,}\.eyJ[A-Za-z0-9_-]{15,}\.[A-Za-z0-9_-]{20,}/, 'a password in an address': /\b(?:postgres(?:ql)?|smtps?|redis|mysql):\/\/[^:@/\s'"`$]+:[^@/\s'"`$]{6,}@(?!127\.0\.0\.1|localhost|host\b)/,
}

function* filesIn(folder: string): Generator<string> {
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name)
    if (entry.isDirectory() && !OUTSIDE.has(entry.name)) yield* filesIn(path)
    else if (entry.isFile() && statSync(path).size < 2_000_000) yield path
  }
}

/** Bits of each character of a text, by how often each occurs in it. */
function entropyOf(text: string): number {
  const counts = Map.groupBy(text, (character) => character)
  return [...counts.values()].reduce((bits, { length }) => bits - (length / text.length) * Math.log2(length / text.length), 0)
}

const isRandom = (word: string): boolean => /[a-z]/.test(word) && /[A-Z]/.test(word) && /\d/.test(word) && entropyOf(word) > 4.3 && !word.startsWith('ABCDEFGHIJ')

/** Secrets that a text seems to hold: those of a known form, and words of 40 characters and more that look random. */
function secretsIn(text: string): string[] {
  const known = Object.entries(PATTERNS).filter(([, pattern]) => pattern.test(text)).map(([what]) => what)
  const random = [...text.matchAll(/(?<![A-Za-z0-9+/_-])[A-Za-z0-9+/_-]{40,200}(?![A-Za-z0-9+/_-])/g)].map(([word]) => word).filter((word) => !word.includes('/') && isRandom(word))
  return [...known, ...random.map((word) => `${word.slice(0, 8)}…`)]
}

test('SEC-02: the control: a secret of each kind is found', () => {
  const key = 'Zx8Qv2Lm9Rt4Wp7Ks1Nd6Hc3Fb5Gj0Ya8Ue2Io4Tq'
  for (const text of [`-----BEGIN EC ${'PRIVATE'} KEY-----\n${key}`, `sk-ant-${'api03'}-${key}`, `AKIA${'ABCDEFGHIJKLMNOP'}`, `ghp_${key}`, `const seal = '${key}'`, `eyJ${key}.eyJ${key}.${key}`, `postgres://user:${'hunter22'}@db.example/x`]) {
    assert.ok(secretsIn(text).length > 0, text)
  }
})

test('SEC-02: the project holds no secret, neither in code, examples, documents nor tests', () => {
  const found = [...filesIn(ROOT)].filter((path) => !CHECKSUMS.has(relative(ROOT, path)) && path !== import.meta.filename)
    .flatMap((path) => secretsIn(readFileSync(path, 'utf8')).map((what) => `${relative(ROOT, path)}: ${what}`))

  assert.deepEqual(found, [])
})
