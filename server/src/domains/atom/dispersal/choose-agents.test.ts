import assert from 'node:assert/strict'
import { test } from 'node:test'
import { agentRows } from '../../agents/seed-catalogue.ts'
import { chooseAgents } from './choose-agents.ts'

const fleet = agentRows()

test('a partial dispersal takes 70 of the 350, half of them is 175, total is all, and each holds those of the level below', () => {
  const partial = chooseAgents(fleet, { level: 'partial', sphereId: null })
  const half = chooseAgents(fleet, { level: 'sectoral', sphereId: null })
  const total = chooseAgents(fleet, { level: 'total', sphereId: null })

  assert.deepEqual([partial.length, half.length, total.length], [70, 175, 350])
  assert.ok(partial.every((code) => half.includes(code)))
})

test('a sphere is dispersed whole and alone', () => {
  const chosen = chooseAgents(fleet, { level: 'sectoral', sphereId: 1 })

  assert.deepEqual(new Set(chosen), new Set(fleet.filter(({ sphere_id: of }) => of === 1).map(({ code }) => code)))
})

test('who is chosen depends on the place in the catalogue alone', () => {
  const shuffled = fleet.toSorted((a, b) => (a.search_key < b.search_key ? -1 : 1))

  assert.deepEqual(new Set(chooseAgents(shuffled, { level: 'partial', sphereId: null })), new Set(chooseAgents(fleet, { level: 'partial', sphereId: null })))
})
