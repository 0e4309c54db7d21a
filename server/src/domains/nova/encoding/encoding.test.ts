import assert from 'node:assert/strict'
import { test } from 'node:test'
import { brokenRules, Encoding, ENCODING_RULES, FOCI, type EncodingDraft, type EncodingRule } from './encoding.ts'

const none = { rw: false, unc: false, sens: false, trace: false }
const valid: Encoding = { act: 'ANA', src: 'DOC', scope: 'DOC', mode: 'DRAFT', focus: ['RISK'], out: 'MD', len: 'AUTO', flags: none }

const broken: [EncodingRule[], EncodingDraft][] = [
  [[], valid],
  [['act_required', 'src_required', 'scope_required', 'mode_required'], {}],
  [['act_required'], { src: 'DOC', scope: 'DOC', mode: 'ANA' }],
  [['src_required'], { act: 'SUM', scope: 'DOC', mode: 'ANA' }],
  [['scope_required'], { act: 'SUM', src: 'DOC', mode: 'ANA' }],
  [['mode_required'], { act: 'SUM', src: 'DOC', scope: 'DOC' }],
  [['sens_forces_lock'], { ...valid, flags: { ...none, sens: true, trace: true } }],
  [['sens_forces_lock', 'trace_required'], { ...valid, flags: { ...none, sens: true } }],
  [[], { ...valid, scope: 'LOCK', flags: { ...none, sens: true, trace: true } }],
  [['no_rw_in_ana'], { ...valid, mode: 'ANA', flags: { ...none, rw: true, trace: true } }],
  [[], { ...valid, flags: { ...none, rw: true, trace: true } }],
  [['trace_required'], { ...valid, flags: { ...none, rw: true } }],
  [['lock_excludes_ws'], { ...valid, src: 'WS', scope: 'LOCK' }],
  [[], { ...valid, src: 'MIX', scope: 'LOCK' }],
  [[], { ...valid, focus: FOCI.slice(0, 5) }],
  [['focus_at_most_5'], { ...valid, focus: FOCI.slice(0, 6) }],
  [['focus_once'], { ...valid, focus: ['RISK', 'RISK'] }],
]

test('the validator names every rule that a draft breaks', () => {
  for (const [rules, draft] of broken) assert.deepEqual(brokenRules(draft), rules, JSON.stringify(draft))
  assert.deepEqual(new Set(broken.flatMap(([rules]) => rules)), new Set(ENCODING_RULES))
})

test('the schema takes exactly the drafts that break no rule', () => {
  for (const [rules, draft] of broken) assert.equal(Encoding.safeParse(draft).success, rules.length === 0, JSON.stringify(draft))
})

test('the schema says which rule was broken', () => {
  const parsed = Encoding.safeParse({ ...valid, flags: { ...none, sens: true } })

  assert.deepEqual(parsed.error?.issues.map(({ message }) => message), ['sens_forces_lock', 'trace_required'])
})

test('unknown members and codes are refused', () => {
  for (const given of [{ ...valid, extra: 1 }, { ...valid, act: 'RUN' }, { ...valid, flags: { ...none, loud: true } }]) {
    assert.equal(Encoding.safeParse(given).success, false)
  }
})
