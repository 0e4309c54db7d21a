import assert from 'node:assert/strict'
import { suite, test } from 'node:test'
import fc from 'fast-check'
import { nextState, readLevels, scoreOf, STATES, type State } from './assess.ts'
import { KINDS, readLimits, RULES } from './kinds.ts'

const LEVELS = readLevels('0.5,0.3,0.1')
const counts = (low: number, medium: number, high: number) => ({ low, medium, high })

suite('how grave it is', () => {
  const TABLE: Array<[State, [number, number, number], number, State]> = [
    ['nominal', [0, 0, 0], 1, 'nominal'],
    ['nominal', [2, 0, 0], 0.8, 'nominal'],
    ['nominal', [3, 0, 0], 0.7, 'elevated'],
    ['nominal', [0, 1, 0], 0.85, 'nominal'],
    ['nominal', [0, 2, 0], 0.7, 'elevated'],
    ['nominal', [0, 0, 1], 0.8, 'elevated'],
    ['elevated', [0, 0, 0], 1, 'elevated'],
    ['elevated', [0, 0, 3], 0.4, 'elevated'],
    ['elevated', [0, 1, 3], 0.25, 'critical'],
    ['critical', [0, 0, 3], 0.4, 'elevated'],
    ['critical', [0, 2, 2], 0.3, 'critical'],
    ['critical', [0, 0, 0], 1, 'elevated'],
    ['critical', [0, 0, 5], 0, 'dispersed'],
    ['nominal', [0, 0, 9], 0, 'dispersed'],
    ['dispersed', [0, 0, 0], 1, 'dispersed'],
  ]
  for (const [state, [low, medium, high], score, next] of TABLE) {
    test(`${state} with ${low} low, ${medium} medium, ${high} high: score ${score}, then ${next}`, () => {
      assert.equal(scoreOf(counts(low, medium, high)), score)
      assert.equal(nextState(state, counts(low, medium, high), LEVELS), next)
    })
  }

  const some = fc.record({ low: fc.nat(8), medium: fc.nat(8), high: fc.nat(8) })

  test('more violations are never less grave: the comparison is the right way round', () => {
    fc.assert(fc.property(fc.constantFrom(...STATES), some, fc.constantFrom('low', 'medium', 'high'), (state, given, more) => {
      const worse = { ...given, [more]: given[more as 'low'] + 1 }
      assert.ok(scoreOf(worse) <= scoreOf(given))
      assert.ok(STATES.indexOf(nextState(state, worse, LEVELS)) >= STATES.indexOf(nextState(state, given, LEVELS)))
    }))
  })

  test('nothing but a person leads back to nominal, or out of dispersed', () => {
    fc.assert(fc.property(fc.array(some, { maxLength: 20 }), (series) => {
      let state: State = 'elevated'
      for (const given of series) {
        const next = nextState(state, given, LEVELS)
        assert.notEqual(next, 'nominal')
        if (state === 'dispersed') assert.equal(next, 'dispersed')
        state = next
      }
    }))
  })

  test('mild violations alone never disperse at once', () => {
    for (let low = 0; low <= 6; low += 1) assert.notEqual(nextState('nominal', counts(low, 0, 0), LEVELS), 'dispersed')
  })
})

test('every kind has a limit and an answer; settings that make no sense are refused', () => {
  for (const kind of KINDS) assert.ok(RULES[kind].limit > 0, kind)
  assert.equal(readLimits('boundary_violation=50, flooding=5').boundary_violation, 50)
  for (const bad of ['x=1', 'flooding', 'flooding=0', 'flooding=-1', 'flooding=1.5']) assert.throws(() => readLimits(bad), TypeError)
  for (const bad of ['', '0.5', '0.1,0.3,0.5', '1,0.3,0.1', '0.5,0.3,0', 'a,b,c']) assert.throws(() => readLevels(bad), TypeError)
})
