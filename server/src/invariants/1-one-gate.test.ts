import assert from 'node:assert/strict'
import { globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { after, before, suite, test } from 'node:test'
import { EFFECTS } from '../platform/action.ts'
import { startWorld, type World } from '../testing/world.ts'

const SOURCE = join(import.meta.dirname, '..')

suite('Invariant 1: one gate', () => {
  let world: World
  before(async () => { world = await startWorld() })
  after(() => world.close())

  test('every registered action declares its effect class, strict arguments and what it says in both languages', () => {
    assert.ok(world.app.gate.actions.size >= 20)
    for (const action of world.app.gate.actions.values()) {
      assert.ok(EFFECTS.includes(action.effect), action.name)
      assert.equal(action.input.safeParse({ no_such_member: 1 }).success, false, action.name)
      assert.ok(action.title.en && action.title.fr, action.name)
    }
  })

  test('CHK-10: only the gate runs an action', () => {
    const callers = globSync('**/*.ts', { cwd: SOURCE }).filter((file) => !file.endsWith('.test.ts') && /\baction\.run\(/.test(readFileSync(join(SOURCE, file), 'utf8')))

    assert.deepEqual(callers.toSorted(), ['domains/governance/checkpoints/spend.ts', 'domains/governance/perform.ts'])
  })

  test('CHK-10: every route that changes something names a registered action, or is one of the few that guard the house', () => {
    const changing = world.app.routes.filter(({ method }) => method !== 'GET')

    for (const route of changing) if (route.kind === 'write') assert.equal(world.app.gate.actions.get(route.action.name), route.action, route.url)
    const handled = changing.filter(({ kind }) => kind === 'handle').map(({ url }) => url.split('/')[1] ?? '')
    assert.deepEqual([...new Set(handled)].toSorted(), ['api', 'auth', 'checkpoints', 'governance', 'identities', 'invitations', 'keys', 'nova', 'protocol-999', 'sceau', 'security', 'swarm', 'threads', 'webhooks'])
  })

  test('LLM-15: unknown tools and wrong arguments are refused, and nothing is done', async () => {
    const ada = await world.person()
    const ask = (action: unknown) => ada.post('/api/v2/nova/query', { message: '', action })

    for (const tool of ['governance.approve', 'notes.destroy', '__proto__', 'constructor', 'toString']) assert.equal((await ask({ tool, args: {} })).body.code, 'unknown_tool', tool)
    assert.equal((await ask({ tool: 'notes.create', args: { title: 'x', approved: true } })).body.code, 'validation_error')
    assert.equal((await ask({ tool: 'notes.delete', args: { note_id: 'all' } })).body.code, 'validation_error')
    assert.equal((await ask({ tool: 'notes.create', args: { title: '' } })).status, 422)
    assert.equal((await ada.get('/api/v2/notes')).body.items.length, 0)
  })

  test('work in one sphere does not reach into another', async () => {
    const ada = await world.person()
    const { body: note } = await ada.post('/api/v2/notes', { title: 'Private', sphere_id: 'personal' })

    const touched = await ada.post('/api/v2/nova/query', { message: '', sphere_id: 2, action: { tool: 'notes.update', args: { note_id: note.id, title: 'Public' } } })
    const made = await ada.post('/api/v2/nova/query', { message: '', sphere_id: 2, action: { tool: 'notes.create', args: { title: 'Spy', sphere_id: 1 } } })

    assert.deepEqual([touched.status, touched.body.code], [403, 'cross_sphere'])
    assert.deepEqual([made.status, made.body.code], [403, 'cross_sphere'])
    assert.equal((await ada.get('/api/v2/governance/audit?action=policy.denied')).body.items.length, 2)
    assert.equal((await ada.get(`/api/v2/notes/${note.id}`)).body.title, 'Private')
  })
})
