import assert from 'node:assert/strict'
import { test } from 'node:test'
import { spheres } from '../../spheres/sphere-list.ts'
import { allAgents } from './all-agents.ts'
import { CAPABILITIES } from './catalogue-agent.ts'

const prefixes = ['P', 'B', 'G', 'C', 'CO', 'S', 'E', 'T', 'SC', 'TR', 'SO', 'EN', 'PR', 'J', 'D']
const coreSpheres = new Set(spheres.filter(({ core }) => core).map(({ code }) => code))
const core = allAgents.filter(({ sphere }) => coreSpheres.has(sphere))
const expansion = allAgents.filter(({ sphere }) => !coreSpheres.has(sphere))

test('226 core agents and 124 of the expansion make 350', () => {
  assert.equal(core.length, 226)
  assert.equal(expansion.length, 124)
  assert.equal(allAgents.length, 350)
})

test('codes are unique and run through the spheres in order', () => {
  const expected = spheres.flatMap(({ code: sphere, agents }, index) =>
    Array.from({ length: agents }, (_, n) => ({ sphere, code: `${prefixes[index]}${String(n + 1).padStart(3, '0')}` })))

  assert.deepEqual(allAgents.map(({ sphere, code }) => ({ sphere, code })), expected)
})

test('every name and every function is said once, in both languages', () => {
  for (const language of ['fr', 'en'] as const) {
    const names = allAgents.map(({ name }) => name[language].toLowerCase())
    const functions = allAgents.map((agent) => agent.function[language])

    assert.deepEqual(names.filter((name, index) => names.indexOf(name) !== index), [])
    assert.deepEqual(functions.filter((sentence, index) => functions.indexOf(sentence) !== index), [])
    assert.ok(names.every((name) => name.length >= 3 && name.length <= 40))
    assert.ok(functions.every((sentence) => /^\p{Lu}.{10,140}[^\s.]\.$/u.test(sentence)))
  }
})

test('capabilities are known and named once', () => {
  assert.equal(CAPABILITIES.length, 23)
  for (const { code, capabilities } of allAgents) {
    assert.ok(capabilities.length > 0 && new Set(capabilities).size === capabilities.length, code)
    for (const capability of capabilities) assert.ok(CAPABILITIES.includes(capability), `${code} ${capability}`)
  }
})

test('exactly 38 of the 226 are gated, as the reference counts them', () => {
  const gatedOf = (sphere: string): number => core.filter((agent) => agent.sphere === sphere && agent.gated).length

  assert.equal(core.filter(({ gated }) => gated).length, 38)
  assert.deepEqual([...coreSpheres].map((sphere) => [sphere, gatedOf(sphere)]), [
    ['personal', 2], ['business', 9], ['government', 8], ['creative_studio', 2], ['community', 4],
    ['social_media', 6], ['entertainment', 0], ['my_team', 6], ['scholar', 1],
  ])
})

test('a gated agent names which of its capabilities leave, and no other does', () => {
  for (const { code, gated, capabilities, gated_capabilities } of allAgents) {
    assert.equal(gated_capabilities.length > 0, gated, code)
    for (const capability of gated_capabilities) assert.ok(capabilities.includes(capability), code)
  }
})

test('whoever drafts e-mail, messages or notifications is gated', () => {
  const drafting = allAgents.filter(({ capabilities }) =>
    capabilities.some((capability) => ['email_drafting', 'message_drafting', 'notification_drafting'].includes(capability)))

  assert.deepEqual(drafting.filter(({ gated }) => !gated), [])
})

test('one orchestrator, 26 specialists and 199 workers in the core', () => {
  const countOf = (level: string): number => core.filter((agent) => agent.level === level).length

  assert.deepEqual(['L1', 'L2', 'L3'].map(countOf), [1, 26, 199])
  assert.ok(expansion.every(({ level }) => level !== 'L1'))
  for (const { code, level, type } of allAgents) {
    assert.equal(level === 'L1', type === 'orchestrator', code)
    if (level === 'L2') assert.equal(type, 'specialist', code)
  }
})

test('Nova is not in the catalogue', () => {
  assert.deepEqual(allAgents.filter(({ name }) => /\bnova\b/i.test(`${name.fr} ${name.en}`)), [])
})

test('a voice is doubled only with consent, and no résumé is marked without a person', () => {
  const wordsOf = (code: string): string => allAgents.find((agent) => agent.code === code)?.function.en ?? ''

  assert.match(wordsOf('C017'), /consent/)
  assert.match(wordsOf('T017'), /person/)
  assert.match(wordsOf('T033'), /agreed/)
})
