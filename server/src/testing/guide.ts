import assert from 'node:assert/strict'
import { readFile } from 'node:fs/promises'
import { resolve } from 'node:path'
import type { Client } from './person.ts'

const GUIDES = resolve(import.meta.dirname, '../../../docs/guides')
const STEP = /```http\n(?<method>[A-Z]+) (?<path>\S+)\n(?:(?<body>\{.*\})\n)?→ (?<status>\d{3})(?: (?<answer>\{.*\}))?\n```|<!-- test: (?<scene>.+?) -->/g
const NAME = /^<(\w+)>$/

/**
 * Runs the examples of a guide in order, as one person: each is a request, and what must be in its answer. `"<name>"` in an
 * answer keeps what stands there, or must be what was kept; in a request it is put in. `<!-- test: … -->` names what `scenes`
 * does before the next example. How many examples ran.
 */
export async function runGuide(name: string, person: Client, scenes: Record<string, () => Promise<void> | void> = {}): Promise<number> {
  const text = await readFile(resolve(GUIDES, name), 'utf8')
  const kept = new Map<string, unknown>()
  const filled = (given: string): string => given.replace(/<(\w+)>/g, (_, key: string) => String(kept.get(key) ?? assert.fail(`${name} names <${key}> before it is known`)))
  let ran = 0
  for (const { groups } of text.matchAll(STEP)) {
    const { method = '', path = '', body, status, answer, scene } = groups ?? {}
    if (scene !== undefined) await (scenes[scene] ?? assert.fail(`${name} has a scene that the test does not play: ${scene}`))()
    else {
      const address = filled(path)
      const given = body === undefined ? undefined : JSON.parse(filled(body)) as unknown
      const got = method === 'GET' ? await person.get(address) : method === 'DELETE' ? await person.del(address) : method === 'PATCH' ? await person.patch(address, given) : await person.post(address, given)
      assert.equal(got.status, Number(status), `${method} ${address}: ${JSON.stringify(got.body)}`)
      if (answer !== undefined) holds(got.body, JSON.parse(answer), { kept, at: `${method} ${path}` })
      ran += 1
    }
  }
  assert.equal(ran, text.split('```http').length - 1, `an example of ${name} is not written as the tests read it`)
  return ran
}

/** What is wanted is in what was got; lists have the same length. */
function holds(got: unknown, wanted: unknown, { kept, at }: { kept: Map<string, unknown>; at: string }): void {
  const key = typeof wanted === 'string' ? NAME.exec(wanted)?.[1] : undefined
  if (key !== undefined) {
    assert.ok(got !== undefined && got !== null, `${at} is not there`)
    if (kept.has(key)) assert.equal(got, kept.get(key), at)
    else kept.set(key, got)
  } else if (typeof wanted === 'object' && wanted !== null && got !== null && typeof got === 'object') {
    if (Array.isArray(wanted)) assert.equal((got as unknown[]).length, wanted.length, at)
    for (const [member, value] of Object.entries(wanted)) holds((got as Record<string, unknown>)[member], value, { kept, at: `${at} ${member}` })
  } else assert.deepEqual(got, wanted, at)
}
