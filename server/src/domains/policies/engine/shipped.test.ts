import assert from 'node:assert/strict'
import { suite, test } from 'node:test'
import fc from 'fast-check'
import { EFFECTS, type AnyAction, type Effect } from '../../../platform/action.ts'
import { ACTOR_KINDS, type Actor, type Via } from '../../../platform/ctx.ts'
import { checkpointTypeOf } from '../decision.ts'
import { plainQuestion, shippedSet } from '../default-decision.ts'
import { createEngine } from './engine.ts'
import type { Question } from './question.ts'

const ACTIONS = new Map([...EFFECTS, 'ANNIHILATE', 'toString'].map((effect) => [`things.${effect.toLowerCase()}`, { name: `things.${effect.toLowerCase()}`, effect } as unknown as AnyAction]))
const engine = createEngine(ACTIONS)
const shipped = shippedSet()

const OWNER = '0190a0b0-0000-7000-8000-000000000001'

const question = ({ effect, actor, via, ...given }: Partial<Question> & { effect: string; actor: Actor; via: Via }): Question =>
  ({ ...plainQuestion(ACTIONS.get(`things.${effect.toLowerCase()}`) as AnyAction, { actor, via, at: new Date('2026-01-05T10:00:00Z') }), identityId: OWNER, ...given })

const VIAS: Via[] = ['rest', 'nova', 'agent', 'automation', 'api_key']
const HOLDS = new Set(['DELETE', 'SEND', 'TRANSFER', 'PAYMENT', 'GRANT', 'EXECUTE'])
const HELD_FOR_ALL = new Set(['TRANSFER', 'PAYMENT', 'GRANT'])

/** The default policy as one function: what the rules that come with the product must say, word for word. */
function expected({ actor, via, effect, leavesSphere }: { actor: Actor['kind']; via: Via; effect: string; leavesSphere: boolean }): { verdict: string; policies: string[]; code?: string; type?: string } {
  if (!(EFFECTS as readonly string[]).includes(effect)) return { verdict: 'deny', code: 'policy_denied', policies: ['unknown_effect'] }
  const direct = actor === 'person' && via === 'rest'
  if (!direct && leavesSphere && effect !== 'TRANSFER') return { verdict: 'deny', code: 'cross_sphere', policies: ['sphere_isolation'] }
  if (!HOLDS.has(effect)) return { verdict: 'allow', policies: ['reversible_within_identity'] }
  if (direct && !HELD_FOR_ALL.has(effect)) return { verdict: 'allow', policies: ['person_is_the_human'] }
  return { verdict: 'hold', type: checkpointTypeOf(effect), policies: [`hold_${effect.toLowerCase()}`] }
}

suite('the rules that come with the product', () => {
  test('they say what the default policy says, for every actor, way, effect and sphere', () => {
    const effects = [...EFFECTS, 'ANNIHILATE', 'toString']
    fc.assert(fc.property(fc.constantFrom(...ACTOR_KINDS), fc.constantFrom(...VIAS), fc.constantFrom(...effects), fc.boolean(), fc.dictionary(fc.string(), fc.jsonValue()), (kind, via, effect, leavesSphere, args) => {
      const { decision } = engine.decide(shipped, question({ actor: { kind, id: 'x' }, via, effect, leavesSphere, args }))

      const { verdict, policies } = decision
      const said = { verdict, policies, ...(decision.verdict === 'deny' ? { code: decision.code } : {}), ...(decision.verdict === 'hold' ? { type: decision.type } : {}) }
      assert.deepEqual(said, expected({ actor: kind, via, effect, leavesSphere }))
    }), { numRuns: 1_500 })
  })

  const verdictOf = (given: Partial<Question> & { effect: Effect }, actor: Actor['kind'] = 'nova'): [string, string[]] => {
    const { decision } = engine.decide(shipped, question({ actor: { kind: actor, id: 'x' }, via: actor === 'person' ? 'rest' : 'nova', ...given }))
    return [decision.verdict, decision.policies]
  }

  test('what was approved is done, whatever held it', () => {
    for (const effect of HOLDS) assert.deepEqual(verdictOf({ effect: effect as Effect, approval: { given: 1, roles: [], requesterExcluded: false } }), ['allow', ['approved']])
  })

  test('a standing grant covers what may be granted, and nothing else', () => {
    for (const effect of HOLDS) {
      const [verdict] = verdictOf({ effect: effect as Effect, grant: 'g' })
      assert.equal(verdict, effect === 'SEND' || effect === 'EXECUTE' ? 'allow' : 'hold', effect)
    }
  })

  test('what a text of strangers led to is asked about, grant or not', () => {
    const untrusted = [{ tool: 'messages.read', ref: null }]

    assert.deepEqual(verdictOf({ effect: 'SEND', grant: 'g', untrusted }), ['hold', ['untrusted_content']])
    assert.deepEqual(verdictOf({ effect: 'PAYMENT', untrusted }), ['hold', ['hold_payment', 'untrusted_content']])
    assert.deepEqual(verdictOf({ effect: 'CREATE', untrusted }), ['allow', ['reversible_within_identity']])
    assert.equal(verdictOf({ effect: 'SEND', grant: 'g' })[0], 'allow')
  })

  test('with the budget spent, who works for a person only reads', () => {
    assert.deepEqual(verdictOf({ effect: 'CREATE', budgetLeft: 0 }), ['deny', ['budget']])
    assert.deepEqual(verdictOf({ effect: 'CREATE', budgetLeft: -5 }), ['deny', ['budget']])
    assert.equal(verdictOf({ effect: 'READ', budgetLeft: 0 })[0], 'allow')
    assert.equal(verdictOf({ effect: 'CREATE', budgetLeft: 1 })[0], 'allow')
    assert.equal(verdictOf({ effect: 'CREATE', budgetLeft: 0 }, 'person')[0], 'allow')
  })

  test('what goes to many waits, also when a person sends it', () => {
    assert.deepEqual(verdictOf({ effect: 'SEND', facts: { recipients: 21 } }, 'person'), ['hold', ['export']])
    assert.equal(verdictOf({ effect: 'SEND', facts: { recipients: 20 } }, 'person')[0], 'allow')
  })

  test('a row of another identity that came this far is denied', () => {
    const foreign = { type: 'note', id: 'n', sphereId: null, ownerId: '0190a0b0-0000-7000-8000-000000000002' }

    assert.deepEqual(verdictOf({ effect: 'READ', resources: [{ ...foreign, ownerId: OWNER }, foreign] }), ['deny', ['identity_boundary']])
    assert.deepEqual(verdictOf({ effect: 'READ', resources: [foreign] }, 'person'), ['deny', ['identity_boundary']])
  })
})
