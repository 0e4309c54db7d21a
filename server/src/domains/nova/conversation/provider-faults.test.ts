import assert from 'node:assert/strict'
import { after, before, beforeEach, suite, test } from 'node:test'
import { createClaude } from '../../../adapters/llm/claude.ts'
import { NO_PROOF } from '../../../platform/ctx.ts'
import { startFakeAnthropic, type FakeAnthropic, type Reply } from '../../../testing/fake-anthropic.ts'
import { client } from '../../../testing/person.ts'
import { startWorld, type World } from '../../../testing/world.ts'
import { createInFlight } from '../../governance/fence/in-flight.ts'
import { conversationOf } from './conversation.ts'
import { converse } from './converse.ts'
import { NOVA_ACTOR, type Nova } from '../nova.ts'
import { runOfRow } from '../present.ts'
import type { RunRow } from '../queries.ts'
import { resumeAbandoned } from '../resume-abandoned.ts'
import { saveRunAlone } from '../run/save-run.ts'
import { aCall, approve, ask, auditCount, isBinned, noteOf, onlyRunOf, titlesOf } from '../testing.ts'

suite('When the provider or the process fails', () => {
  let fake: FakeAnthropic
  let world: World
  before(async () => {
    fake = await startFakeAnthropic()
    world = await startWorld({ settings: fake.settings })
  })
  beforeEach(() => { fake.reset() })
  after(async () => {
    await fake.close()
    await world.close()
  })

  const creates = (title: string) => ({ call: [{ tool: 'notes.create', args: { title } }] })
  const kill = () => client(world.url).post('/api/atom/killswitch', {}, { 'x-architect-seal': world.seal })
  const revive = () => client(world.url).post('/api/atom/revive', {}, { 'x-architect-seal': world.seal })

  const modes: Array<[string, Reply]> = [
    ['429', { status: 429, headers: { 'retry-after': '7' } }],
    ['500', { status: 500, body: 'canary' }],
    ['503', { status: 503 }],
    ['HTML with 200', { status: 200, body: '<html>canary</html>' }],
    ['invalid JSON', { status: 200, body: '{"canary' }],
    ['a wrong schema', { status: 200, body: '{"type":"message","canary":1}' }],
    ['a line of 10 MB', { status: 200, body: `{"type":"message","content":"${'canary '.repeat(1_500_000)}"}` }],
    ['a cut connection', 'cut'],
  ]
  for (const [mode, reply] of modes) {
    test(`LLM-06, LLM-07: ${mode} is 502; what was done before stays, the rest is not begun`, async () => {
      const ada = await world.person()
      fake.script(creates('Avant'), reply, creates('Après'))

      const { status, body, headers } = await ask(ada, 'Crée une note')

      assert.deepEqual([status, body.code], [502, 'provider_error'])
      assert.match(headers.get('content-type') ?? '', /problem\+json/)
      if (mode === '429') assert.equal(headers.get('retry-after'), '7')
      assert.doesNotMatch(JSON.stringify(body), /canary/)
      const run = await onlyRunOf(ada)
      assert.deepEqual([run.status, run.error.code, run.actions.length], ['failed', 'provider_error', 1])
      assert.deepEqual(await titlesOf(ada), ['Avant'])
      assert.equal(fake.requests.length, 2)
      assert.ok(!world.logLines.join('').includes('canary'))
    })
  }

  test('LLM-08: a model that stays silent is 504 after NOVA_TIMEOUT_SECONDS; what was done before stays', async (t) => {
    const impatient = await startWorld({ settings: { ...fake.settings, NOVA_TIMEOUT_SECONDS: '1' } })
    t.after(() => impatient.close())
    const ada = await impatient.person()
    fake.script(creates('Avant'), 'hang')

    const { status, body } = await ask(ada, 'Crée une note')

    assert.deepEqual([status, body.code], [504, 'provider_timeout'])
    const run = await onlyRunOf(ada)
    assert.deepEqual([run.status, run.error.code, run.actions.length], ['failed', 'provider_timeout', 1])
    assert.deepEqual(await titlesOf(ada), ['Avant'])
  })

  test('a provider that fails after an approval leaves the approved effect done once, and says so', async () => {
    const ada = await world.person()
    const noteId = await noteOf(ada, 'Courses')
    fake.script({ call: [{ tool: 'notes.delete', args: { note_id: noteId } }] }, { status: 500 })
    const held = await ask(ada, 'Supprime la note Courses')

    const { status, body } = await approve(ada, held.body.checkpoint.id)

    assert.equal(status, 200)
    assert.deepEqual([body.checkpoint.status, body.run.status, body.run.error.code, body.run.actions[0].status], ['approved', 'failed', 'provider_error', 'completed'])
    assert.equal(await isBinned(ada, noteId), true)
    assert.equal(await auditCount(ada, 'notes.delete'), 1)
  })

  test('SEAL-06: the kill-switch aborts the call to the model, and none begins until revive', async () => {
    const ada = await world.person()
    fake.script('hang')

    const asked = ask(ada, 'Bonjour')
    await fake.asked(1)
    assert.equal((await kill()).status, 200)
    await fake.requests[0]?.closed
    const { status, body } = await asked

    assert.deepEqual([status, body.code], [503, 'dormant'])
    assert.equal((await ask(ada, 'Bonjour')).status, 503)
    assert.equal(fake.requests.length, 1)
    const { body: runs } = await ada.get('/api/v2/nova/runs')
    for (const run of runs.items) assert.deepEqual([run.status, run.error.code], ['failed', 'dormant'])

    await revive()
    fake.script({ say: 'Bonjour.' })
    assert.equal((await ask(ada, 'Bonjour')).status, 200)
  })

  test('a stop between the model’s answer and its calls: no effect', async () => {
    const ada = await world.person()
    fake.script(async () => {
      await world.owner.query(`update fence set state = 'dormant', version = version + 1`)
      return creates('Trop tard')
    })

    const { status, body } = await ask(ada, 'Crée une note')

    await world.owner.query(`update fence set state = 'operational', version = version + 1`)
    assert.deepEqual([status, body.code], [503, 'dormant'])
    assert.deepEqual(await titlesOf(ada), [])
  })

  test('a session that ends while the model thinks stops the run', async () => {
    const ada = await world.person()
    fake.script(async () => {
      assert.ok((await ada.post('/api/v2/auth/logout')).status < 300)
      return creates('Trop tard')
    })

    const { status } = await ask(ada, 'Crée une note')

    assert.equal(status, 401)
    const { rows } = await world.owner.query(`select status, error->>'code' as code from nova_runs where identity_id = $1`, [ada.identity.id])
    assert.deepEqual(rows, [{ status: 'failed', code: 'invalid_token' }])
    assert.equal((await world.owner.query('select 1 from notes where identity_id = $1', [ada.identity.id])).rowCount, 0)
  })

  /** Nova as another process of the instance would build it. */
  const otherNova = (): Nova => ({ gate: world.app.gate, claude: createClaude(world.platform.settings), inFlight: createInFlight(world.platform), plannerTools: () => [] })
  const endLeases = () => world.owner.query(`update nova_runs set lease_until = now() - interval '1 hour' where status = 'processing'`)

  test('CHK-08: a run whose process died goes on elsewhere: what it did is not done again, what it was about to ask is asked', async () => {
    const ada = await world.person()
    let late = (): void => {}
    const asleep = new Promise<void>((resolve) => { late = resolve })
    fake.script(creates('Une fois'), async () => {
      await asleep
      return creates('Par le mort')
    }, { say: 'Fini ailleurs.' })

    const asked = ask(ada, 'Crée une note')
    await fake.asked(2)
    await endLeases()
    await resumeAbandoned(otherNova())
    late()
    const { status, body } = await asked

    assert.equal(status, 200)
    assert.deepEqual([body.status, body.output], ['completed', { text: 'Fini ailleurs.' }])
    assert.deepEqual(await titlesOf(ada), ['Une fois'])
    assert.equal(await auditCount(ada, 'notes.create'), 1)
  })

  test('processes that hold the same run at once: one effect commits, the others let go', async () => {
    const ada = await world.person()
    let late = (): void => {}
    const asleep = new Promise<void>((resolve) => { late = resolve })
    fake.script(async () => {
      await asleep
      return { say: 'Trop tard.' }
    }, { say: 'Fini.' })
    const asked = ask(ada, 'Crée une note')
    await fake.asked(1)
    const nova = otherNova()
    const { rows: [row] } = await world.owner.query<RunRow>('select * from nova_runs where identity_id = $1', [ada.identity.id])
    const begun = runOfRow(row ?? assert.fail())
    const pending = { kind: 'conversation' as const, messages: [], calls: [aCall({ args: { title: 'Une fois' } })], stepsTaken: 1 }
    const run = await saveRunAlone(nova, { ...begun, remaining: { ...pending, messages: [...conversationOf(begun).messages, { role: 'assistant', content: [{ type: 'tool-call', toolCallId: 'toolu_1', toolName: 'notes.create', input: {} }] }] } }, { first: false })

    const carried = await Promise.all(Array.from({ length: 8 }, () => converse(nova, { ...begun, actor: NOVA_ACTOR, proof: NO_PROOF }, run)))
    late()

    assert.equal(carried.filter(({ run: { output } }) => output?.text === 'Fini.').length >= 1, true)
    assert.deepEqual(await titlesOf(ada), ['Une fois'])
    assert.equal(await auditCount(ada, 'notes.create'), 1)
    assert.equal(fake.requests.length, 2)
    assert.deepEqual((await asked).body.output, { text: 'Fini.' })
  })
})
