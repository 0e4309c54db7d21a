import assert from 'node:assert/strict'
import { after, before, suite, test } from 'node:test'
import { readSettings } from '../platform/settings.ts'
import { StartupError } from '../platform/startup-error.ts'
import { startWorld, type World } from '../testing/world.ts'

suite('Invariant 4: Nova is locked', () => {
  let world: World
  before(async () => { world = await startWorld() })
  after(() => world.close())

  test('SUP-13: no model of another vendor can be set, not even beside Claude', () => {
    for (const given of [{ NOVA_MODEL: 'gpt-4o' }, { NOVA_MODELS: 'gpt-4o', NOVA_MODEL: 'gpt-4o' }, { NOVA_MODELS: 'claude-sonnet-4-5,mistral-large' }]) {
      assert.throws(() => readSettings(given), StartupError, JSON.stringify(given))
    }
  })

  test('without a key Nova plans offline and says so; a question is not answered by somebody else', async () => {
    const ada = await world.person()

    const done = await ada.post('/api/v2/nova/query', { message: 'create a note called Locked' })
    const asked = await ada.post('/api/v2/nova/query', { message: 'How do I delete a note?' })

    assert.deepEqual([done.status, done.body.planner], [200, 'offline'])
    assert.deepEqual([asked.status, asked.body.code, asked.body.setting], [503, 'not_configured', 'ANTHROPIC_API_KEY'])
  })

  test('Nova is in no catalogue, nothing hires it, and nothing ranks the agents', async () => {
    const ada = await world.person()
    const agents: Array<Record<string, unknown>> = []
    let cursor: string | null = null
    do {
      const { body } = await ada.get(`/api/v2/agents?include=expansion&limit=100${cursor ? `&cursor=${cursor}` : ''}`)
      agents.push(...body.items)
      cursor = body.next_cursor
    } while (cursor)

    assert.equal(agents.length, 350)
    assert.ok(agents.every((agent) => !/\bnova\b/i.test(JSON.stringify(agent)) && agent.level !== 'L0'))
    assert.ok(agents.every((agent) => !Object.keys(agent).some((key) => /rank|score|rating/.test(key))))
    assert.ok(world.app.routes.every(({ url }) => !/call-agent|chain|leaderboard/.test(url)))
  })
})
