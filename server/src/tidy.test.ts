import assert from 'node:assert/strict'
import { existsSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { test } from 'node:test'
import { EFFECTS } from './platform/action.ts'
import { createBareApp } from './testing/bare-app.ts'
import { GUARD_RULES } from './testing/tidy/guard-rules.ts'
import { readHouse, SRC } from './testing/tidy/house.ts'
import { IMPORT_RULES } from './testing/tidy/import-rules.ts'
import { sampleOf } from './testing/sample-of.ts'
import { breachesOf, findsControl } from './testing/tidy/rule.ts'
import { SHAPE_RULES } from './testing/tidy/shape-rules.ts'
import { TABLE_RULES } from './testing/tidy/table-rules.ts'
import { TREE_RULES } from './testing/tidy/tree-rules.ts'

const house = readHouse()

test('the house is read', () => {
  assert.ok(house.sources.length > 50)
  assert.ok(house.manifests.has('notes'))
  assert.ok(house.tables.has('notes'))
  assert.ok(house.order.includes('notes'))
})

test('every domain says its words and invariants in a README.md', () => {
  const mute = [...house.manifests.values()].map(({ path }) => join(SRC, dirname(path), 'README.md')).filter((path) => !existsSync(path))

  assert.deepEqual(mute, [])
})

for (const rule of [...TREE_RULES, ...IMPORT_RULES, ...TABLE_RULES, ...SHAPE_RULES, ...GUARD_RULES]) {
  test(rule.says, () => {
    assert.ok(rule.control.length > 0, 'the rule has no positive control')
    for (const control of rule.control) assert.ok(findsControl(rule, house, control), `the rule does not find its own positive control: ${control.path} ${control.text}`)

    const breaches = breachesOf(rule, house)
    assert.equal(breaches.length, 0, `\n${breaches.join('\n')}\n`)
  })
}

test('every action takes a strict object, names a known effect, and says in both languages what a call will do', async () => {
  const app = await createBareApp()
  await app.close()
  assert.ok(app.gate.actions.size > 5)

  for (const action of app.gate.actions.values()) {
    const parsed = action.input.safeParse({ 'a member that nobody declared': 1 })
    assert.ok(parsed.error?.issues.some(({ code }) => code === 'unrecognized_keys'), `${action.name} takes members that it does not declare`)
    assert.ok(EFFECTS.includes(action.effect), `${action.name} has no known effect`)
    assert.match(action.name, /^[a-z]+\.[a-z_]+$/)
    const said = action.summary(sampleOf(action.input) as never, (id) => id)
    for (const text of [action.title.en, action.title.fr, said.en, said.fr]) assert.ok(text.trim().length > 0 && !text.includes('undefined'), `${action.name} says “${text}”`)
    assert.notEqual(action.title.en, action.title.fr, `${action.name} says the same in both languages`)
  }
})
