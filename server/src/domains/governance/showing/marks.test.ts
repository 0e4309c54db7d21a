import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { MarkCode } from './contract.ts'
import { marksIn, visible } from './marks.ts'

const TABLE: Array<[string, MarkCode[], string]> = [
  ['Courses', [], 'plain'],
  ['Éva Roy, d’œuvre ; « Ça »', [], 'French'],
  ['Привет, Анна', [], 'Russian'],
  ['сор', [], 'a Russian word of look-alikes among nothing Latin'],
  ['日本語のノート と English', [], 'Japanese beside English'],
  ['👩‍👩‍👧 ❤️', [], 'a family and a heart are spelt with joiners and selectors'],
  ['क्‍ष', [], 'a joiner that spells'],
  ['two\nlines\tand a tab', [], 'lines'],
  ['Jean\u202Enaej', ['bidi_control'], 'turned'],
  ['a\u2066b\u2069', ['bidi_control', 'bidi_control'], 'isolated'],
  ['pay\u200Bpal', ['invisible'], 'zero width'],
  ['x\u00ADy\uFEFF', ['invisible', 'invisible'], 'soft hyphen and byte order mark'],
  ['a\u0000b', ['invisible'], 'a control'],
  ['tag\u{E0041}', ['invisible'], 'tag characters'],
  ['ok\u3164', ['invisible'], 'the filler that is a letter'],
  ['pаypal', ['mixed_script'], 'a Cyrillic а'],
  ['ΑBC', ['mixed_script'], 'a Greek Α'],
  ['eva@аррӏе.com', ['lookalike'], 'a whole label of look-alikes beside Latin'],
  ['𝐩𝐚𝐲', ['styled'], 'mathematical letters'],
  ['ｐａｙ', ['styled'], 'full width'],
  ['eva@xn--exmple-4nf.net', ['punycode'], 'punycode'],
]

for (const [text, codes, why] of TABLE) test(`CHK-12: ${why}: ${codes.join(', ') || 'no mark'}`, () => { assert.deepEqual(marksIn(text).map(({ code }) => code), codes) })

test('CHK-12: what shows nothing is written out, and what spells stays', () => {
  assert.equal(visible('Jean\u202Enaej\u200B'), 'Jean⟨U+202E⟩naej⟨U+200B⟩')
  assert.equal(visible('👩‍👩‍👧 ❤️\nক্‍'), '👩‍👩‍👧 ❤️\nক্‍')
})

test('CHK-12: a text of marks only is bounded', () => { assert.equal(marksIn(Array.from({ length: 500 }, (_, n) => String.fromCodePoint(0xE0020 + (n % 90))).join('')).length, 20) })
