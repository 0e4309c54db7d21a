import assert from 'node:assert/strict'
import { test } from 'node:test'
import { bureauSections, defaultSectionOrder, SECTION_CODES, type SectionCode } from './bureau-sections.ts'
import { HUB_CODES, hubs } from './hubs.ts'
import { SPHERE_CODES, type SphereCode } from './sphere-list.ts'

test('six sections, each named in both languages', () => {
  assert.deepEqual(bureauSections.map(({ code }) => code), [...SECTION_CODES])
  assert.equal(SECTION_CODES.length, 6)
  for (const { code, name } of bureauSections) assert.ok(name.fr && name.en, code)
})

test('every sphere shows all six, once', () => {
  for (const sphere of SPHERE_CODES) assert.deepEqual(defaultSectionOrder(sphere).toSorted(), [...SECTION_CODES].toSorted(), sphere)
})

test('the first three come first, the rest in canonical order', () => {
  const table: [SphereCode, SectionCode[]][] = [
    ['personal', ['quick_capture', 'threads', 'data_files', 'resume_workspace', 'active_agents', 'meetings']],
    ['business', ['resume_workspace', 'meetings', 'data_files', 'quick_capture', 'threads', 'active_agents']],
    ['government', ['data_files', 'threads', 'meetings', 'quick_capture', 'resume_workspace', 'active_agents']],
    ['creative_studio', ['quick_capture', 'threads', 'resume_workspace', 'data_files', 'active_agents', 'meetings']],
    ['community', ['threads', 'meetings', 'quick_capture', 'resume_workspace', 'data_files', 'active_agents']],
    ['social_media', ['quick_capture', 'threads', 'data_files', 'resume_workspace', 'active_agents', 'meetings']],
    ['entertainment', ['quick_capture', 'data_files', 'threads', 'resume_workspace', 'active_agents', 'meetings']],
    ['my_team', ['active_agents', 'meetings', 'resume_workspace', 'quick_capture', 'threads', 'data_files']],
    ['scholar', ['data_files', 'threads', 'quick_capture', 'resume_workspace', 'active_agents', 'meetings']],
    ['transport', [...SECTION_CODES]],
  ]

  for (const [sphere, order] of table) assert.deepEqual(defaultSectionOrder(sphere), order, sphere)
})

test('three hubs share the ten steps', () => {
  assert.deepEqual(hubs.map(({ code }) => code), [...HUB_CODES])
  assert.deepEqual(hubs.flatMap(({ steps }) => steps), [1, 2, 3, 4, 5, 6, 7, 8, 9, 10])
})
