import assert from 'node:assert/strict'
import { test } from 'node:test'
import { findSphere, SPHERE_CODES, spheres } from './sphere-list.ts'

test('nine core spheres with ids 1 to 9, then six of the expansion', () => {
  assert.deepEqual(spheres.map(({ id }) => id), Array.from({ length: 15 }, (_, index) => index + 1))
  assert.deepEqual(spheres.map(({ code }) => code), [...SPHERE_CODES])
  assert.deepEqual(spheres.filter(({ core }) => core).map(({ id }) => id), [1, 2, 3, 4, 5, 6, 7, 8, 9])
})

test('226 agents in the core and 124 in the expansion', () => {
  const agentsOf = (core: boolean): number => spheres.filter((sphere) => sphere.core === core).reduce((sum, { agents }) => sum + agents, 0)

  assert.equal(agentsOf(true), 226)
  assert.equal(agentsOf(false), 124)
})

test('each sphere has its own icon and colour, and as many themes in French as in English', () => {
  assert.equal(new Set(spheres.map(({ icon }) => icon)).size, 15)
  assert.equal(new Set(spheres.map(({ colour }) => colour)).size, 15)
  for (const { code, colour, name, themes } of spheres) {
    assert.match(colour, /^#[0-9A-F]{6}$/, code)
    assert.ok(name.fr && name.en, code)
    assert.ok(themes.fr.length > 0 && themes.fr.length === themes.en.length, code)
  }
})

test('a sphere is found by id, code and alias', () => {
  const table: [string | number, string | undefined][] = [
    [1, 'personal'], ['1', 'personal'], [9, 'scholar'], ['9', 'scholar'], [15, 'dashboard'],
    ['personal', 'personal'], ['Creative', 'creative_studio'], ['studio', 'creative_studio'], ['creative-studio', 'creative_studio'],
    ['social', 'social_media'], ['Social & Médias', 'social_media'], ['societal', 'societal'], ['TEAM', 'my_team'], ['mon équipe', 'my_team'],
    ['Entreprises', 'business'], ['gouvernement', 'government'], ['Gouvernement & Institutions', 'government'], [' scholars ', 'scholar'], ['youth', 'jeunesse'],
    [0, undefined], [16, undefined], [-1, undefined], [1.5, undefined], [Number.NaN, undefined], ['01', undefined], ['1e0', undefined],
    ['', undefined], ['nova', undefined], ['constructor', undefined], ['__proto__', undefined],
  ]

  for (const [given, code] of table) assert.equal(findSphere(given)?.code, code, String(given))
})

test('every sphere answers to its own id, code and names', () => {
  for (const sphere of spheres) {
    for (const given of [sphere.id, String(sphere.id), sphere.code, sphere.name.fr, sphere.name.en]) assert.equal(findSphere(given), sphere, String(given))
  }
})
