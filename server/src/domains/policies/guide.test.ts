import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { startWorld, type World } from '../../testing/world.ts'
import { inDays } from './testing.ts'

const GUIDE = readFileSync(join(import.meta.dirname, '../../../../docs/guides/policies.md'), 'utf8')

let world: World
before(async () => { world = await startWorld() })
after(() => world.close())

test('every rule in the guide is one that can be written', async () => {
  const ada = await world.person()
  const rules = [...GUIDE.matchAll(/```cedar\n(.*?)```/gs)].map(([, text]) => text ?? '')
  assert.ok(rules.length >= 4)

  for (const text of rules) {
    const { status, body } = await ada.post('/api/v2/governance/rules', { name: 'From the guide', text, sentence: { en: 'x', fr: 'x' } })
    assert.equal(status, 201, `${text}\n${JSON.stringify(body)}`)
  }
})

test('every request in the guide is answered as the guide says', async () => {
  const ada = await world.person()
  const steps = [...GUIDE.matchAll(/```http\nPOST (\S+)\n(.*?)```\n```answer\n(\d+)(?: (\w+)=(\S+))?\n```/gs)]
  assert.equal(steps.length, (GUIDE.match(/```http/g) ?? []).length)
  assert.ok(steps.length >= 7)
  let rule = ''

  for (const [, path = '', body = '', wanted, member, value] of steps) {
    const answer = await ada.post(path.replace('{rule}', rule), JSON.parse(body.replace('{soon}', inDays(world, 30))))
    assert.equal(answer.status, Number(wanted), `${path} ${JSON.stringify(answer.body)}`)
    if (member) assert.equal(answer.body[member], value, path)
    if (path.endsWith('/rules')) rule = answer.body.id
  }
})
