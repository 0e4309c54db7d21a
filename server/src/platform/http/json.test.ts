import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { isProblem } from '../errors.ts'
import { MalformedRequest } from '../problems.ts'
import { DEPTH_MAX, parseJson } from './json.ts'

const refuses = (text: string): void => {
  assert.throws(() => parseJson(text), (error) => isProblem(error, MalformedRequest), JSON.stringify(text.slice(0, 80)))
}

/** What RFC 8259 calls JSON: every production of its grammar once. */
const JSON_TEXTS = [
  'null', 'true', 'false', '0', '-0', '1', '-1', '10', '1.5', '-0.5', '1e5', '1E5', '1e+5', '1e-5', '123e65', '0e1', '0.1e1', '1.0E-2', '9007199254740993', '""', '"a"', '"\\""', '"\\\\"', '"\\/"', '"\\b\\f\\n\\r\\t"',
  '"\\u0041"', '"\\u00e9"', '"\\ud83d\\ude39"', '"é"', '"😹"', '"\u2028\u2029"', '"\x7f"', '"{\\"a\\":1,\\"a\\":2}"', '[]', '[ ]', '[1]', '[1,2]', '[[]]', '[null,true,"x"]', '{}', '{ }', '{"a":1}', '{"a":{"a":1}}', '[{"a":1},{"a":1}]',
  '{"":0}', '{"a b":[]}', '{"a":1,"A":2}', ' \t\r\n1 \t\r\n', ' [ 1 , 2 ] ', '{ "a" : 1 }', '{"é":1}', '{"toString":1,"__proto":2,"construct":3}', '"__proto__"',
]

/** What it does not. */
const NO_JSON = [
  '', ' ', 'nul', 'True', 'TRUE', 'undefined', 'NaN', 'Infinity', '-Infinity', '+1', '01', '-01', '1.', '.5', '-.5', '1e', '1e+', '1.e1', '0x10', '1_000', '- 1', '1 2', '--1', '1/2', '١', '"', '"a', "'a'", '"\n"', '"\t"', '"\u0001"', '"\\x41"', '"\\a"', '"\\u12"',
  '"\\u12G4"', '"\\U0041"', '"a"b', '[', ']', '[1', '[1,', '[1,]', '[,1]', '[1,,2]', '[1 2]', '[1;2]', '["a" "b"]', '[1]]', '{', '}', '{"a"', '{"a":', '{"a":1', '{"a":1,', '{"a":1,}', '{,"a":1}', '{"a" 1}', '{"a"::1}', '{a:1}', "{'a':1}", '{1:1}', '{"a":1 "b":2}', '{"a":1}}',
  '{"a":1}{"b":2}', '[1}', '{"a"]', '// x\n1', '/* x */1', '1 // x', '#1', '\uFEFF{}', '{}\0', '\u00a01', '[1,\n]', '{"a":true,,"b":1}', '[1,2', '"\\', '{"a":"b}', '[\\u0031]', '<x/>', 'a=b',
]

for (const text of JSON_TEXTS) {
  test(`INP-08: ${JSON.stringify(text)} is taken for what it says`, () => { assert.deepEqual(parseJson(text), JSON.parse(text)) })
}

for (const text of NO_JSON) {
  test(`INP-08: ${JSON.stringify(text)} is refused`, () => { refuses(text) })
}

test('INP-08: whatever JSON.stringify writes is taken, unless a limit or a rule of ours speaks against it', () => {
  const key = fc.string({ unit: 'grapheme' }).filter((text) => !text.includes('\0') && !['__proto__', 'constructor', 'prototype'].includes(text))
  const value = fc.letrec((tie) => ({
    any: fc.oneof({ maxDepth: 6 }, fc.boolean(), fc.constant(null), fc.double({ noNaN: true, noDefaultInfinity: true }), fc.string({ unit: 'grapheme' }).filter((text) => !text.includes('\0') && text.isWellFormed()), fc.array(tie('any'), { maxLength: 6 }), fc.dictionary(key, tie('any'), { maxKeys: 6 })),
  })).any
  fc.assert(fc.property(value, fc.constantFrom(undefined, 2), (given, indent) => {
    const text = JSON.stringify(given, undefined, indent)
    assert.deepEqual(parseJson(text), JSON.parse(text))
  }), { seed: 8_259, numRuns: 1_000 })
})

test('INP-08: any text at all is parsed as JSON.parse does, or refused', () => {
  fc.assert(fc.property(fc.string({ unit: fc.constantFrom(...'{}[]",:\\ \n\t0123456789-+.eEtrufalsn\u0000é/u') }), (text) => {
    let parsed: unknown
    try {
      parsed = parseJson(text)
    } catch (error) {
      assert.ok(isProblem(error, MalformedRequest))
      return
    }
    assert.deepEqual(parsed, JSON.parse(text))
  }), { seed: 8_260, numRuns: 5_000 })
})

test('ERR-07: NUL and lone surrogates are refused in any text and any name, however they are written', () => {
  for (const bad of ['\\u0000', '\\ud800', '\\udc00', '\\ud800x', '\\udc00\\ud800', '\ud800']) {
    for (const text of [`"${bad}"`, `["x","a${bad}b"]`, `{"a":{"b":"${bad}"}}`, `{"${bad}":1}`, `{"a":[{"x${bad}":null}]}`]) refuses(text)
  }
  assert.equal(parseJson('"\\ud83d\\ude39"'), '😹')
})

test('ERR-08: too deep, too many members, too many items: refused before anything is built', () => {
  const deep = (levels: number): string => `${'['.repeat(levels)}${']'.repeat(levels)}`
  const objects = (levels: number): string => `${'{"a":'.repeat(levels)}1${'}'.repeat(levels)}`
  const members = (count: number): string => `{${Array.from({ length: count }, (_, n) => `"m${n}":1`).join(',')}}`

  assert.equal(DEPTH_MAX, 32)
  for (const good of [deep(32), objects(32), members(1_000), `[${'1,'.repeat(9_999)}1]`, JSON.stringify('['.repeat(100_000))]) parseJson(good)
  for (const bad of [deep(33), deep(100_000), '['.repeat(500_000), objects(33), '{"a":'.repeat(100_000), members(1_001), `[${members(600)},${members(600)}]`, `[${'1,'.repeat(10_000)}1]`]) refuses(bad)
})

test('ERR-09: a name that comes twice in one object is refused, in any spelling', () => {
  for (const bad of ['{"a":1,"a":2}', '{"a":1,"\\u0061":2}', '{"x":{"amount":1,"b":2,"amount":1}}', '[{"to":"a"},{"to":"b","to":"b"}]', '{"a":"{","a":"}"}', '{"":1,"":2}']) refuses(bad)
})

test('ERR-10: names that reach for prototypes are refused, in any spelling', () => {
  for (const name of ['__proto__', 'constructor', 'prototype', '\\u005f_proto__', '__proto\\u005f_', 'construct\\u006fr']) {
    for (const text of [`{"${name}":{"admin":true}}`, `{"a":[{"${name}":1}]}`, `{"a":1,"${name}" : null}`]) refuses(text)
  }
  assert.equal(({} as { admin?: boolean }).admin, undefined)
})

// Anything that is not linear would take minutes.
test('ERR-08, INP-09: a megabyte that is made to be slow is looked through once', { timeout: 20_000 }, () => {
  for (const text of [`{"a":"${'\\\\'.repeat(400_000)}"}`, `"${'\\u0041'.repeat(160_000)}"`, ' '.repeat(1_000_000), `[${'"a" '.repeat(200_000)}]`, '"a"'.repeat(300_000), `{${'"a" '.repeat(250_000)}`, `[${'-'.repeat(900_000)}]`]) {
    try { parseJson(text) } catch { /* refused is fine, slow is not */ }
  }
})
