import assert from 'node:assert/strict'
import { test } from 'node:test'
import { allAgents } from './catalogue/all-agents.ts'
import { fleet } from './fleet.ts'
import { FREQUENCY_MAX, FREQUENCY_MIN, frequencyOf } from './frequency.ts'
import { positionOf, type Point } from './position.ts'

const distance = (a: Point, b: Point): number => Math.hypot(a.x - b.x, a.y - b.y, a.z - b.z)

test('the fleet has each of the 350 once, inside −1…1, no two in one place', () => {
  const members = fleet()

  assert.deepEqual(members.map(({ agent_code }) => agent_code).toSorted(), allAgents.map(({ code }) => code).toSorted())
  for (const { agent_code, x, y, z } of members) for (const value of [x, y, z]) assert.ok(value >= -1 && value <= 1, agent_code)
  assert.equal(new Set(members.map(({ x, y, z }) => `${x} ${y} ${z}`)).size, 350)
})

test('the same catalogue gives the same fleet', () => {
  assert.deepEqual(fleet(), fleet())
  assert.deepEqual(positionOf({ cluster: 0, clusters: 15, index: 0, count: 28 }), { x: 0.327353, y: 0, z: 0.922714 })
})

test('the agents of a sphere keep together: no two clusters touch', () => {
  const clusters = Array.from({ length: 15 }, (_, cluster) => Array.from({ length: 50 }, (_, index) => positionOf({ cluster, clusters: 15, index, count: 50 })))
  const centres = clusters.map((points) => ({ x: mean(points, 'x'), y: mean(points, 'y'), z: mean(points, 'z') }))

  for (const [cluster, points] of clusters.entries()) {
    for (const point of points) assert.equal(nearest(centres, point), cluster)
  }
})

const mean = (points: Point[], axis: keyof Point): number => points.reduce((sum, point) => sum + point[axis], 0) / points.length
const nearest = (centres: Point[], point: Point): number => centres.map((centre) => distance(centre, point)).reduce((best, away, at, all) => (away < (all[best] ?? 0) ? at : best), 0)

test('a wave lies in 432…999 with two decimals, and is made from the code alone', () => {
  for (const { code } of allAgents) {
    const wave = frequencyOf(code)
    assert.ok(wave >= FREQUENCY_MIN && wave <= FREQUENCY_MAX, code)
    assert.equal(Math.round(wave * 100) / 100, wave)
    assert.equal(frequencyOf(code), wave)
  }
})
