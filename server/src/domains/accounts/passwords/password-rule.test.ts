import assert from 'node:assert/strict'
import { test } from 'node:test'
import { dictionary } from '@zxcvbn-ts/language-common'
import { Register } from '../contract.ts'
import { objectionTo } from './password-rule.ts'

const isAccepted = (password: string): boolean => Register.safeParse({ email: 'ada@example.org', password, name: 'Ada' }).success

test('AUTH-04: the list of common passwords has at least 3,000 that are long enough, and each is refused in any case', () => {
  const common = dictionary['passwords-common'].filter((word) => word.length >= 8)

  assert.ok(common.length >= 3_000, String(common.length))
  for (const word of common) {
    assert.equal(objectionTo(word, 'ada@example.org'), 'common')
    assert.equal(objectionTo(word.toUpperCase(), 'ada@example.org'), 'common')
  }
})

test('AUTH-04: a password holds neither the product nor a word of the address', () => {
  assert.equal(objectionTo('MyCheNu2026!', 'ada@example.org'), 'product')
  assert.equal(objectionTo('my che·nu 2026', 'ada@example.org'), 'product')
  assert.equal(objectionTo('xLOVELACE1815', 'ada.lovelace@example.org'), 'personal')
  assert.equal(objectionTo('q7w3z9k1', 'Q7w3z9k1@example.org'.toLowerCase()), 'personal')
})

test('the password of the sources is accepted, with the address of the sources too', () => {
  assert.equal(objectionTo('Test123!', 'test@chenu.io'), undefined)
  assert.ok(isAccepted('Test123!'))
})

test('AUTH-02: 8 to 1,024 bytes in any script, with blanks and emoji, of any composition', () => {
  for (const password of ['aaaabbbb', '        ', 'пароль-дня', '合言葉合言葉合言葉', '🔒🔑🗝️🧩🔐🚪🧷🪪', 'é'.repeat(512), 'x'.repeat(1_024)]) assert.ok(isAccepted(password), password)
})

test('AUTH-03: under 8 characters is refused, naming the member', () => {
  for (const password of ['', 'Ab1!', '1234567', 'é'.repeat(7)]) {
    const { error } = Register.safeParse({ email: 'ada@example.org', password, name: 'Ada' })
    assert.deepEqual(error?.issues[0]?.path, ['password'])
  }
})

test('AUTH-06: over 1,024 bytes is refused', () => {
  for (const password of ['x'.repeat(1_025), 'é'.repeat(513), 'x'.repeat(1_000_000)]) assert.ok(!isAccepted(password))
})
