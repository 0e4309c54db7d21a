import assert from 'node:assert/strict'
import { test } from 'node:test'
import { GUARD_RULES } from './testing/tidy/guard-rules.ts'
import { readHouse } from './testing/tidy/house.ts'
import { IMPORT_RULES } from './testing/tidy/import-rules.ts'
import { breachesOf, breachesWith } from './testing/tidy/rule.ts'
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

for (const rule of [...TREE_RULES, ...IMPORT_RULES, ...TABLE_RULES, ...SHAPE_RULES, ...GUARD_RULES]) {
  test(rule.says, () => {
    const missed = rule.control.filter((file) => breachesWith(rule, house, file).length === 0)
    assert.deepEqual(missed, [], 'the rule does not find its own positive control')

    const breaches = breachesOf(rule, house)
    assert.equal(breaches.length, 0, `\n${breaches.join('\n')}\n`)
  })
}
