import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { canonical, sha256 } from './canonical.ts'

/** The double whose big-endian bytes are given, as RFC 8785 appendix B writes its samples. */
const double = (hex: string): number => Buffer.from(hex, 'hex').readDoubleBE()

test('RFC 8785 appendix B: numbers take the shortest form that reads back', () => {
  const samples = [
    ['0000000000000000', '0'], ['8000000000000000', '0'], ['0000000000000001', '5e-324'], ['8000000000000001', '-5e-324'],
    ['7fefffffffffffff', '1.7976931348623157e+308'], ['ffefffffffffffff', '-1.7976931348623157e+308'],
    ['4340000000000000', '9007199254740992'], ['c340000000000000', '-9007199254740992'], ['4430000000000000', '295147905179352830000'],
    ['44b52d02c7e14af5', '9.999999999999997e+22'], ['44b52d02c7e14af6', '1e+23'], ['44b52d02c7e14af7', '1.0000000000000001e+23'],
    ['444b1ae4d6e2ef4e', '999999999999999700000'], ['444b1ae4d6e2ef4f', '999999999999999900000'], ['444b1ae4d6e2ef50', '1e+21'],
    ['3eb0c6f7a0b5ed8c', '9.999999999999997e-7'], ['3eb0c6f7a0b5ed8d', '0.000001'],
    ['41b3de4355555553', '333333333.3333332'], ['41b3de4355555554', '333333333.33333325'], ['41b3de4355555555', '333333333.3333333'],
    ['41b3de4355555556', '333333333.3333334'], ['41b3de4355555557', '333333333.33333343'],
    ['becbf647612f3696', '-0.0000033333333333333333'], ['43143ff3c1cb0959', '1424953923781206.2'],
  ] as const

  for (const [hex, text] of samples) assert.equal(canonical(double(hex)), text, hex)
})

test('RFC 8785 appendix B: NaN and infinity are refused', () => {
  for (const hex of ['7fffffffffffffff', '7ff0000000000000', 'fff0000000000000']) assert.throws(() => canonical(double(hex)), hex)
})

test('RFC 8785 section 3.2.2: literals, numbers and escapes', () => {
  const given = String.raw`{"numbers":[333333333.33333329,1E30,4.50,2e-3,0.000000000000000000000000001],"string":"\u20ac$\u000F\u000aA'\u0042\u0022\u005c\\\"\/","literals":[null,true,false]}`

  assert.equal(canonical(JSON.parse(given)), String.raw`{"literals":[null,true,false],"numbers":[333333333.3333333,1e+30,4.5,0.002,1e-27],"string":"€$\u000f\nA'B\"\\\\\"/"}`)
})

test('RFC 8785 section 3.2.3: members sort by UTF-16 code units', () => {
  const given = JSON.parse(String.raw`{"\u20ac":"Euro Sign","\r":"Carriage Return","\ufb33":"Hebrew Letter Dalet With Dagesh","1":"One","\ud83d\ude00":"Emoji: Grinning Face","\u0080":"Control","\u00f6":"Latin Small Letter O With Diaeresis"}`) as object

  const order = canonical(given).match(/"(?:Carriage|One|Control|Latin|Euro|Emoji|Hebrew)[^"]*"/g)

  assert.deepEqual(order?.map((name) => name.slice(1, 5)), ['Carr', 'One"', 'Cont', 'Lati', 'Euro', 'Emoj', 'Hebr'])
})

test('number-like members sort as texts, not as numbers', () => {
  assert.equal(canonical({ 10: 'a', 9: 'b', '': 'c' }), '{"":"c","10":"a","9":"b"}')
})

test('every control character is escaped in the one form', () => {
  const controls = Array.from({ length: 32 }, (_, code) => String.fromCharCode(code))
  const short = new Map([['\b', '\\b'], ['\t', '\\t'], ['\n', '\\n'], ['\f', '\\f'], ['\r', '\\r']])

  for (const character of controls) {
    const escape = short.get(character) ?? `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`
    assert.equal(canonical(character), `"${escape}"`)
  }
})

test('a lone surrogate is refused: no UTF-8 text holds it', () => {
  assert.throws(() => canonical('\uD800'))
  assert.throws(() => canonical({ '\uDEAD': 1 }))
})

test('what JSON cannot hold is refused', () => {
  for (const value of [undefined, () => 1, Symbol('s')]) assert.throws(() => canonical(value))
})

const shuffled = (value: unknown): unknown => {
  if (Array.isArray(value)) return value.map(shuffled)
  if (value === null || typeof value !== 'object') return value
  return Object.fromEntries(Object.entries(value).toReversed().map(([name, member]) => [name, shuffled(member)]))
}

test('property: the form does not depend on the order of members, and reads back as the same value', () => {
  fc.assert(fc.property(fc.jsonValue({ stringUnit: 'grapheme', maxDepth: 4 }), (value) => {
    const parsed = JSON.parse(JSON.stringify(value)) as unknown
    const text = canonical(parsed)
    assert.equal(canonical(shuffled(parsed)), text)
    assert.deepEqual(JSON.parse(text), parsed)
    assert.equal(canonical(JSON.parse(text)), text)
  }), { numRuns: 500 })
})

test('property: the form has no blank outside its texts and its members ascend', () => {
  fc.assert(fc.property(fc.dictionary(fc.string({ unit: 'grapheme' }), fc.integer()), (value) => {
    const names = [...canonical(value).matchAll(/"((?:[^"\\]|\\.)*)":/g)].map(([, name]) => JSON.parse(`"${name}"`) as string)
    assert.deepEqual(names, Object.keys(value).toSorted((a, b) => (a < b ? -1 : 1)))
  }), { numRuns: 300 })
})

test('sha256 is of the UTF-8 bytes', () => {
  assert.equal(sha256('abc'), 'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad')
  assert.equal(sha256('é'), '4a99557e4033c3539de2eb65472017cad5f9557f7a0625a09f1c3f6e2ba69c4c')
})
