import assert from 'node:assert/strict'
import { test } from 'node:test'
import { readAddress } from './email-key.ts'

const keys: Array<[given: string, key: string | undefined]> = [
  ['Foo@Example.ORG', 'foo@example.org'],
  [' foo@example.org ', 'foo@example.org'],
  ['ｆｏｏ＠ｅｘａｍｐｌｅ．ｏｒｇ', 'foo@example.org'],
  ['\u212Aim@x', 'kim@x'],
  ['a.b+c_d@sub.example.org', 'a.b+c_d@sub.example.org'],
  ['élodie@example.org', undefined],
  ['m\u0131ke@example.org', undefined],
  ['M\u0130KE@example.org', undefined],
  ['\u0430da@example.org', undefined],
  ['ada@exämple.org', 'ada@xn--exmple-cua.org'],
  ['ada@ex\u0430mple.org', 'ada@xn--exmple-4nf.org'],
  ['', undefined], ['ada', undefined], ['@example.org', undefined], ['ada@', undefined], ['a b@example.org', undefined],
  ['ada@b@example.org', undefined], ['.ada@example.org', undefined], ['a..b@example.org', undefined],
  ['ada@example..org', undefined], ['ada@-example.org', undefined], ['ada@127.0.0.1', undefined], ['ada@[::1]', undefined],
  ['ada@example.org/x', undefined], ['ada@ex%61mple.org', undefined], ['ada@example.org:80', undefined],
  [`${'a'.repeat(65)}@example.org`, undefined], [`ada@${'a'.repeat(64)}.org`, undefined], [`ada@${'abc.'.repeat(80)}org`, undefined],
]

for (const [given, key] of keys) {
  test(`AUTH-24: ${JSON.stringify(given.slice(0, 40))} is ${key ?? 'no address that we take'}`, () => {
    assert.equal(readAddress(given)?.key, key)
  })
}

test('an address is shown as its owner writes it', () => {
  assert.equal(readAddress('Ada.Lovelace@Example.org')?.shown, 'Ada.Lovelace@Example.org')
})

test('AUTH-24: nothing outside ASCII is the key of an ASCII address unless Unicode calls it the same letter', () => {
  for (let point = 0x80; point < 0x1_0000; point += 1) {
    const letter = String.fromCodePoint(point)
    if (!letter.isWellFormed()) continue
    const key = readAddress(`x${letter}y@example.org`)?.key
    if (key !== undefined) assert.equal(key, `x${letter.normalize('NFKC').toLowerCase()}y@example.org`)
  }
})
