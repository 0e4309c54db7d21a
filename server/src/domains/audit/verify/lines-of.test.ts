import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { LINE_MAX, linesOf } from './lines-of.ts'
import { streamOf } from '../testing.ts'

async function split(chunks: Buffer[]): Promise<string[]> {
  const lines: string[] = []
  for await (const line of linesOf(streamOf(chunks))) lines.push(line)
  return lines
}

test('lines end at LF alone, so that U+2028 inside a JSON text splits nothing', async () => {
  assert.deepEqual(await split([Buffer.from('a\u2028b\u2029c\u0085d\ne\r\nf')]), ['a\u2028b\u2029c\u0085d', 'e', 'f'])
})

test('an empty end gives no line, an empty middle does', async () => {
  assert.deepEqual(await split([]), [])
  assert.deepEqual(await split([Buffer.from('a\n\nb\n')]), ['a', '', 'b'])
})

test('property: how the bytes are cut into chunks does not matter', async () => {
  await fc.assert(fc.asyncProperty(fc.array(fc.string({ unit: 'grapheme' }).filter((line) => !/[\r\n]/.test(line)), { minLength: 1 }), fc.integer({ min: 1, max: 7 }), async (lines, size) => {
    const bytes = Buffer.from(`${lines.join('\n')}\n`)
    const chunks = Array.from({ length: Math.ceil(bytes.length / size) }, (_, at) => bytes.subarray(at * size, (at + 1) * size))
    assert.deepEqual(await split(chunks), lines)
  }), { numRuns: 100 })
})

test('a line without an end is held only up to its limit', async () => {
  const chunk = Buffer.alloc(1_048_576, 'x')

  const [line = '', ...more] = await split(Array.from({ length: 6 }, () => chunk))

  assert.equal(line.length, LINE_MAX)
  assert.deepEqual(more, [])
})
