import assert from 'node:assert/strict'
import { test } from 'node:test'
import { SECTION_CODES } from '../spheres/bureau-sections.ts'
import { contentOf, countOf, type Tally } from './section-content.ts'

const tallies: Tally[] = [
  { kind: 'note', ongoing: true, count: '7' },
  { kind: 'task', ongoing: true, count: '20' }, { kind: 'task', ongoing: false, count: '300' },
  { kind: 'thread', ongoing: true, count: '4000' }, { kind: 'thread', ongoing: false, count: '50000' },
]

test('each section counts what it shows', () => {
  const counts = Object.fromEntries(SECTION_CODES.flatMap((code) => {
    const content = contentOf(code)
    return content ? [[code, countOf(content, tallies)]] : []
  }))

  assert.deepEqual(counts, { quick_capture: 27, resume_workspace: 4027, threads: 54_000, data_files: 7 })
})

test('nothing kept counts as nothing', () => {
  for (const code of SECTION_CODES) {
    const content = contentOf(code)
    if (content) assert.equal(countOf(content, []), 0, code)
  }
})
