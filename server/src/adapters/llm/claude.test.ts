import assert from 'node:assert/strict'
import { createServer } from 'node:net'
import { after, before, beforeEach, suite, test } from 'node:test'
import { isProblem, Problem } from '../../platform/errors.ts'
import { readSettings, type Settings } from '../../platform/settings.ts'
import { startFakeAnthropic, type FakeAnthropic, type Reply } from '../../testing/fake-anthropic.ts'
import { createClaude, versionedBase, type Claude, type ClaudeStep } from './claude.ts'

const TOOLS = [
  { name: 'notes.create', description: 'Create a note', inputSchema: { type: 'object', properties: { title: { type: 'string' } }, required: ['title'] } },
  { name: 'notes.delete', description: 'Delete a note', inputSchema: { type: 'object', properties: { note_id: { type: 'string' } } } },
]

suite('Claude', () => {
  let fake: FakeAnthropic
  before(async () => { fake = await startFakeAnthropic() })
  beforeEach(() => { fake.reset() })
  after(() => fake.close())

  const settingsWith = (given: Record<string, string> = {}): Settings => readSettings({ ...fake.settings, ...given })
  const claudeWith = (given?: Record<string, string>): Claude => createClaude(settingsWith(given)) ?? assert.fail('not configured')
  const ask = (claude = claudeWith(), signal = new AbortController().signal): Promise<ClaudeStep> =>
    claude.step({ system: 'You are Nova.', messages: [{ role: 'user', content: [{ type: 'text', text: 'Hello' }] }], tools: TOOLS, signal })
  const problemOf = async (asked: Promise<unknown>): Promise<Problem> => {
    const error = await asked.then(() => undefined, (reason: unknown) => reason)
    return error instanceof Problem ? error : assert.fail(`no problem: ${String(error)}`)
  }

  test('without a key there is no Claude', () => {
    assert.equal(createClaude(readSettings({})), null)
  })

  test('an answer in words carries its text, its tokens and an estimated cost', async () => {
    fake.script({ say: 'Bonjour.', usage: { input_tokens: 1_000, output_tokens: 100 } })

    const step = await ask()

    assert.equal(step.text, 'Bonjour.')
    assert.deepEqual(step.calls, [])
    assert.deepEqual(step.usage, { input_tokens: 1_000, output_tokens: 100 })
    assert.deepEqual(step.cost, { micro_usd: 4_500, kind: 'estimated' })
    assert.deepEqual(step.messages, [{ role: 'assistant', content: [{ type: 'text', text: 'Bonjour.' }] }])
  })

  test('a model without a known price is unpriced, never free', async () => {
    fake.script({ say: 'Bonjour.' })

    const { cost } = await ask(claudeWith({ NOVA_MODEL: 'claude-nobody-knows', NOVA_MODELS: 'claude-nobody-knows' }))

    assert.deepEqual(cost, { micro_usd: null, kind: 'unpriced' })
  })

  test('one step is one request, with key, model, system, tools under wire names and a bound on tokens', async () => {
    fake.script({ call: [{ tool: 'notes.create', args: { title: 'Lait' } }] })

    const { calls } = await ask(claudeWith({ NOVA_MAX_TOKENS: '1234' }))

    assert.deepEqual(calls, [{ toolCallId: 'toolu_1_0', tool: 'notes.create', args: { title: 'Lait' }, fault: null }])
    assert.equal(fake.requests.length, 1)
    const [{ path, headers, body } = assert.fail()] = fake.requests
    assert.equal(path, '/v1/messages')
    assert.equal(headers['x-api-key'], fake.settings.ANTHROPIC_API_KEY)
    assert.equal(body.model, 'claude-sonnet-4-5')
    assert.equal(body.max_tokens, 1_234)
    assert.match(JSON.stringify(body.system), /You are Nova/)
    assert.deepEqual(body.tools.map((tool: { name: string }) => tool.name), ['notes__create', 'notes__delete'])
    assert.deepEqual(body.tools[0].input_schema.required, ['title'])
  })

  test('the base address is taken with and without its version', async () => {
    for (const given of ['https://api.anthropic.com', 'https://api.anthropic.com/', 'https://api.anthropic.com/v1', 'https://api.anthropic.com/v1/']) {
      assert.equal(versionedBase(given), 'https://api.anthropic.com/v1')
    }
    assert.equal(versionedBase('http://127.0.0.1:9/proxy/'), 'http://127.0.0.1:9/proxy/v1')
    fake.script({ say: 'ok' })

    await ask(claudeWith({ ANTHROPIC_BASE_URL: `${fake.url}/v1` }))

    assert.equal(fake.requests[0]?.path, '/v1/messages')
  })

  test('LLM-15: a tool that we do not have comes back under the name that the model gave', async () => {
    fake.script({ call: [{ tool: 'governance.approve', args: {} }, { tool: 'rm -rf / \0', args: {} }] })

    const { calls } = await ask()

    assert.deepEqual(calls.map(({ tool }) => tool), ['governance__approve', 'rm -rf / \uFFFD'])
  })

  test('LLM-07: arguments that no database holds, or that are no object, are told apart and dropped', async () => {
    const deep = JSON.parse(`${'{"a":'.repeat(40)}1${'}'.repeat(40)}`)
    const given = ['text', [1], null, 7, { title: 'a\0b' }, { title: '\uD800' }, { '\0': 1 }, deep]
    fake.script({ say: 'NUL \0 and \uDC00', call: given.map((args) => ({ tool: 'notes.create', args })) })

    const { calls, messages, text } = await ask()

    assert.equal(calls.length, given.length)
    for (const call of calls) assert.ok(call.fault && Object.keys(call.args).length === 0, JSON.stringify(call))
    assert.equal(text, 'NUL \uFFFD and \uFFFD')
    assert.doesNotMatch(JSON.stringify(messages), /\\u0000|\\ud[89a-f]/i)
  })

  test('LLM-05: an answer that ended at the limit of tokens says so', async () => {
    fake.script({ say: 'half a sen', stop: 'max_tokens' })

    const { cut, text } = await ask()

    assert.deepEqual({ cut, text }, { cut: true, text: 'half a sen' })
  })

  const modes: Array<[string, Reply, { fault: string; retryAfter?: string }]> = [
    ['401', { status: 401, body: '{"type":"error","error":{"type":"authentication_error","message":"sk-ant-canary-000 is bad"}}' }, { fault: 'key_refused' }],
    ['400', { status: 400, body: '{"type":"error","error":{"type":"invalid_request_error","message":"canary"}}' }, { fault: 'refused' }],
    ['429 with Retry-After', { status: 429, headers: { 'retry-after': '17' }, body: '{}' }, { fault: 'busy', retryAfter: '17' }],
    ['429 without', { status: 429, body: '{}' }, { fault: 'busy' }],
    ['429 with a mad Retry-After', { status: 429, headers: { 'retry-after': '99999999' }, body: '{}' }, { fault: 'busy', retryAfter: '3600' }],
    ['500', { status: 500, body: 'stack trace canary' }, { fault: 'busy' }],
    ['503 with Retry-After', { status: 503, headers: { 'retry-after': '5' }, body: '' }, { fault: 'busy', retryAfter: '5' }],
    ['529', { status: 529, body: '{"type":"error","error":{"type":"overloaded_error","message":"canary"}}' }, { fault: 'busy' }],
    ['HTML 200', { status: 200, headers: { 'content-type': 'text/html' }, body: '<html>canary</html>' }, { fault: 'unreadable' }],
    ['invalid JSON', { status: 200, body: '{"type": "message", canary' }, { fault: 'unreadable' }],
    ['a wrong schema', { status: 200, body: '{"type":"message","content":"canary"}' }, { fault: 'unreadable' }],
    ['an empty body', { status: 200, body: '' }, { fault: 'unreadable' }],
    ['a line of 10 MB', { status: 200, body: `{"type":"message","content":[{"type":"text","text":"${'canary '.repeat(1_500_000)}"}]}` }, { fault: 'unreadable' }],
    ['a cut line', 'cut', { fault: 'unreachable' }],
    ['a redirect', { status: 302, headers: { location: 'http://127.0.0.1:1/elsewhere' } }, { fault: 'unreadable' }],
    ['negative usage', { say: 'x', usage: { input_tokens: -5, output_tokens: 1 } }, { fault: 'unreadable' }],
    ['two calls with one id', { call: [{ tool: 'a', args: {}, id: 'x' }, { tool: 'b', args: {}, id: 'x' }] }, { fault: 'unreadable' }],
    ['a call with a strange id', { call: [{ tool: 'a', args: {}, id: 'x\0' }] }, { fault: 'unreadable' }],
    ['a key that changes prototypes', { status: 200, body: '{"type":"message","id":"m","model":"m","content":[{"type":"tool_use","id":"t","name":"n","input":{"__proto__":{"a":1}}}],"stop_reason":"tool_use","usage":{"input_tokens":1,"output_tokens":1}}' }, { fault: 'unreadable' }],
  ]
  for (const [mode, reply, { fault, retryAfter }] of modes) {
    test(`LLM-06, LLM-07: ${mode} is 502 provider_error, asked once, without a word of the provider`, async () => {
      fake.script(reply)

      const problem = await problemOf(ask())

      assert.equal(problem.code, 'provider_error')
      assert.equal(problem.status, 502)
      assert.equal(problem.members.fault, fault)
      assert.equal(problem.headers['retry-after'], retryAfter)
      assert.doesNotMatch(JSON.stringify([problem.detail(), problem.members, problem.headers]), /canary/)
      assert.equal(fake.requests.length, 1)
    })
  }

  test('a provider that refuses the connection is 502', async () => {
    const free = createServer().listen(0, '127.0.0.1')
    await new Promise((resolve) => { free.once('listening', resolve) })
    const { port } = free.address() as { port: number }
    await new Promise((resolve) => { free.close(resolve) })

    const problem = await problemOf(ask(claudeWith({ ANTHROPIC_BASE_URL: `http://127.0.0.1:${port}` })))

    assert.deepEqual([problem.code, problem.members.fault], ['provider_error', 'unreachable'])
  })

  test('LLM-08: a provider that never answers is 504 after NOVA_TIMEOUT_SECONDS, and its connection is let go', async () => {
    fake.script('hang')

    const problem = await problemOf(ask(claudeWith({ NOVA_TIMEOUT_SECONDS: '0.05' })))

    assert.deepEqual([problem.code, problem.status], ['provider_timeout', 504])
    await fake.requests[0]?.closed
  })

  test('an abort ends the call at once with what it was aborted with', async () => {
    const controller = new AbortController()
    const reason = new Error('stopped')
    fake.script('hang')

    const asked = ask(claudeWith(), controller.signal)
    await fake.asked(1)
    controller.abort(reason)

    await assert.rejects(asked, (error) => error === reason)
    await fake.requests[0]?.closed
  })

  test('SUP-13: a model of another vendor, or one outside the allow-list, is refused at the start', () => {
    const settings = settingsWith()

    assert.throws(() => readSettings({ ...fake.settings, NOVA_MODEL: 'gpt-4o' }), /NOVA_MODEL/)
    assert.throws(() => readSettings({ ...fake.settings, NOVA_MODEL: 'gpt-4o', NOVA_MODELS: 'gpt-4o' }), /locked/)
    assert.throws(() => createClaude({ ...settings, NOVA_MODEL: 'gpt-4o', NOVA_MODELS: ['gpt-4o'] }), /locked/)
    assert.throws(() => createClaude({ ...settings, NOVA_MODEL: 'claude-other' }), /locked/)
  })

  test('LLM-10: when Claude is down nobody else is asked', async (t) => {
    const elsewhere = t.mock.method(globalThis, 'fetch')
    fake.script({ status: 500 })

    const problem = await problemOf(ask())

    assert.ok(isProblem(problem))
    assert.equal(elsewhere.mock.callCount(), 0)
    assert.equal(fake.requests.length, 1)
  })
})
