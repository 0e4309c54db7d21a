import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { fromCompact, toCompact } from './compact.ts'
import { ACTS, brokenRules, type Encoding, FOCI, LENGTHS, MODES, OUTPUTS, SCOPES, SOURCES } from './encoding.ts'

const plain: Encoding = {
  act: 'SUM', src: 'DOC', scope: 'DOC', mode: 'ANA', focus: [], out: 'MD', len: 'AUTO',
  flags: { rw: false, unc: false, sens: false, trace: false },
}

const anyFields = fc.record({
  act: fc.constantFrom(...ACTS), src: fc.constantFrom(...SOURCES), scope: fc.constantFrom(...SCOPES), mode: fc.constantFrom(...MODES),
  focus: fc.array(fc.constantFrom(...FOCI), { maxLength: 6 }), out: fc.constantFrom(...OUTPUTS), len: fc.constantFrom(...LENGTHS),
  flags: fc.record({ rw: fc.boolean(), unc: fc.boolean(), sens: fc.boolean(), trace: fc.boolean() }, { noNullPrototype: true }),
}, { noNullPrototype: true })

test('the compact line says everything but the defaults', () => {
  assert.equal(toCompact(plain), 'SUM.DOC.DOC.ANA')
  assert.equal(toCompact({
    ...plain, act: 'CMP', scope: 'LOCK', mode: 'PREP', focus: ['RISK', 'OPT'], out: 'TABLE', len: 'S', flags: { rw: true, unc: true, sens: true, trace: true },
  }), 'CMP.DOC.LOCK.PREP#RISK#OPT>TABLE~S!RW!UNC!SENS!TRACE')
})

test('every valid encoding comes back from its compact line', () => {
  fc.assert(fc.property(anyFields, (fields) => {
    fc.pre(brokenRules(fields).length === 0)
    assert.deepEqual(fromCompact(toCompact(fields)), fields)
  }), { numRuns: 2000 })
})

test('a line is refused when its encoding breaks a rule', () => {
  fc.assert(fc.property(anyFields, (fields) => {
    assert.equal(fromCompact(toCompact(fields)) === undefined, brokenRules(fields).length > 0)
  }), { numRuns: 2000 })
})

test('every line that is read is the one that would be written', () => {
  const token = fc.constantFrom(...ACTS, ...SOURCES, ...SCOPES, ...MODES, ...FOCI, ...OUTPUTS, ...LENGTHS, 'RW', 'UNC', 'SENS', 'TRACE', '', 'sum', 'X')
  const head = fc.tuple(fc.constantFrom(...ACTS), fc.constantFrom(...SOURCES), fc.constantFrom(...SCOPES), fc.constantFrom(...MODES)).map((parts) => parts.join('.'))
  const tail = fc.array(fc.tuple(fc.constantFrom('#', '>', '~', '!', '.', ' '), token).map((pair) => pair.join('')), { maxLength: 5 })
  const line = fc.tuple(head, tail).map(([start, rest]) => start + rest.join(''))

  fc.assert(fc.property(fc.oneof(line, fc.string()), (compact) => {
    const encoding = fromCompact(compact)
    if (encoding !== undefined) assert.equal(toCompact(encoding), compact)
  }), { numRuns: 5000 })
})

test('other spellings of one encoding are refused', () => {
  const table = [
    'SUM.DOC.DOC.ANA>MD', 'SUM.DOC.DOC.ANA~AUTO', 'SUM.DOC.DOC.ANA!TRACE!UNC', 'SUM.DOC.DOC.ANA!UNC!UNC', 'SUM.DOC.DOC.ANA#RISK#RISK',
    'SUM.DOC.DOC.ANA!TRACE#RISK', 'sum.doc.doc.ana', ' SUM.DOC.DOC.ANA', 'SUM.DOC.DOC.ANA\n', 'SUM.DOC.DOC', 'SUM.DOC.DOC.ANA!', '', `SUM.DOC.DOC.ANA${'#RISK'.repeat(100_000)}`,
  ]

  for (const line of table) assert.equal(fromCompact(line), undefined, line.slice(0, 40))
})
