import assert from 'node:assert/strict'
import { test } from 'node:test'
import { verifySignature, type Claim, type Measured } from './verify-signature.ts'

const at = new Date('2026-01-02T03:04:05Z')
const measured: Measured = { validatedAt: at, durationMs: 2_500, frequency: 999, harmony: 1 }
const honest: Claim = { timestamp: at, frequency: 999, durationMs: 2_500, harmonyLevel: 0.97 }

const TABLE: Array<[string, Partial<Claim>, Partial<Measured>, { valid: boolean; spoofed: boolean }]> = [
  ['an honest claim', {}, {}, { valid: true, spoofed: false }],
  ['a modest one', { frequency: 888 }, {}, { valid: false, spoofed: false }],
  ['too short a touch', { durationMs: 1_999 }, {}, { valid: false, spoofed: false }],
  ['too little harmony', { harmonyLevel: 0.94 }, {}, { valid: false, spoofed: false }],
  ['a longer touch than was measured', { durationMs: 60_000 }, {}, { valid: false, spoofed: true }],
  ['a higher frequency than there is', { frequency: 1_110 }, {}, { valid: false, spoofed: true }],
  ['another time', { timestamp: new Date(at.getTime() + 600_000) }, {}, { valid: false, spoofed: true }],
  ['more harmony than all', { harmonyLevel: 1.5 }, {}, { valid: false, spoofed: true }],
  ['an honest claim while the fleet is dispersed', {}, { harmony: 0 }, { valid: false, spoofed: false }],
]
for (const [what, claim, given, verdict] of TABLE) {
  test(what, () => {
    const { valid, spoofed, confidence } = verifySignature({ ...honest, ...claim }, { ...measured, ...given })
    assert.deepEqual({ valid, spoofed }, verdict)
    assert.equal(confidence === 1, verdict.valid)
  })
}
