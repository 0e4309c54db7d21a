import assert from 'node:assert/strict'
import { after, before, suite, test } from 'node:test'
import { startWorld, type World } from '../testing/world.ts'

suite('Invariant 10: no pretending', () => {
  let world: World
  before(async () => { world = await startWorld() })
  after(() => world.close())

  test('an e-mail without a mail server is not_configured, with the setting, before anybody is asked to approve it', async () => {
    const ada = await world.person()

    const { status, body } = await ada.post('/api/v2/nova/query', { message: '', action: { tool: 'messages.send', args: { to: 'bob@example.net', body: 'Hello' } } })

    assert.deepEqual([status, body.code, body.setting], [503, 'not_configured', 'SMTP_URL'])
    assert.equal((await ada.get('/api/v2/governance/checkpoints?status=pending')).body.items.length, 0)
    assert.equal((await ada.get('/api/v2/messages')).body.items.length, 0)
  })

  test('an approved payment order says that no money moved', async () => {
    const ada = await world.person()
    const { body: held } = await ada.post('/api/v2/nova/query', { message: 'pay $12.50 to Dupont' })
    assert.equal(held.checkpoint.effect, 'PAYMENT')

    await ada.post(`/api/v2/governance/checkpoints/${held.checkpoint.id}/approve`, {})
    const { body } = await ada.get('/api/v2/payments/orders', { 'accept-language': 'fr' })

    assert.equal(body.items.length, 1)
    assert.deepEqual([body.items[0].amount_minor, body.items[0].currency, body.items[0].status], [1250, 'USD', 'approved'])
    assert.match(JSON.stringify(body.items[0]), /argent|viré|transféré|virement/i)
  })

  test('a cost is labelled, and a run without a model costs nothing', async () => {
    const ada = await world.person()

    const { body } = await ada.post('/api/v2/nova/query', { message: '', action: { tool: 'notes.create', args: { title: 'Free' } } })

    assert.deepEqual([body.cost, body.credits, body.usage], [{ micro_usd: 0, kind: 'reported' }, 0, { input_tokens: 0, output_tokens: 0 }])
  })
})
