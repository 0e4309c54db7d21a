// npm run smoke -- [address]: the fourteen smoke tests of the verification plan against a running server.
import { randomUUID } from 'node:crypto'

const address = (process.argv[2] ?? process.env.CHENU_URL ?? 'http://127.0.0.1:8000').replace(/\/$/, '')
const TIMEOUT_MS = 10_000

type Outcome = { name: string; passed: boolean; ms: number; note: string }
type Tokens = { access_token: string; refresh_token: string }

const person = { email: `smoke-${randomUUID()}@chenu.io`, password: 'Test123!', name: 'Test User' }
let tokens: Tokens = { access_token: '', refresh_token: '' }

async function call(method: string, path: string, given: { body?: unknown; token?: string } = {}): Promise<{ status: number; type: string; json: Record<string, unknown> }> {
  const response = await fetch(`${address}${path}`, {
    method, signal: AbortSignal.timeout(TIMEOUT_MS), redirect: 'follow',
    headers: { ...(given.body === undefined ? {} : { 'content-type': 'application/json' }), ...(given.token ? { authorization: `Bearer ${given.token}` } : {}) },
    ...(given.body === undefined ? {} : { body: JSON.stringify(given.body) }),
  })
  const type = response.headers.get('content-type') ?? ''
  const text = await response.text()
  return { status: response.status, type, json: type.includes('json') ? JSON.parse(text) as Record<string, unknown> : {} }
}

function expect(condition: boolean, note: string): void {
  if (!condition) throw new Error(note)
}

async function expectOk(method: string, path: string, given?: { body?: unknown; token?: string }, status = 200): Promise<Record<string, unknown>> {
  const answer = await call(method, path, given)
  expect(answer.status === status, `${answer.status} instead of ${status}`)
  return answer.json
}

const signedIn = (): { token: string } => ({ token: tokens.access_token })

function connectSocket(): Promise<void> {
  return new Promise((resolve, reject) => {
    const socket = new WebSocket(`${address.replace(/^http/, 'ws')}/ws`)
    const timer = setTimeout(() => reject(new Error('no auth_success')), TIMEOUT_MS)
    socket.addEventListener('open', () => socket.send(JSON.stringify({ type: 'auth', token: tokens.access_token })))
    socket.addEventListener('error', () => reject(new Error('connection refused')))
    socket.addEventListener('message', ({ data }) => {
      const { type } = JSON.parse(String(data)) as { type: string }
      if (type === 'welcome') return
      clearTimeout(timer)
      socket.close()
      if (type === 'auth_success') resolve()
      else reject(new Error(type))
    })
  })
}

const tests: Array<[string, () => Promise<void>]> = [
  ['server alive               GET  /health', async () => expect((await expectOk('GET', '/health')).status === 'ok', 'status is not ok')],
  ['API version                GET  /api/v1/version', async () => expect(typeof (await expectOk('GET', '/api/v1/version')).version === 'string', 'no version')],
  ['documentation              GET  /docs', async () => expect((await call('GET', '/docs')).status === 200, 'not 200')],
  ['database                   GET  /api/v1/health/db', async () => { await expectOk('GET', '/api/v1/health/db') }],
  ['register                   POST /api/v1/auth/register', async () => { await expectOk('POST', '/api/v1/auth/register', { body: person }, 201) }],
  ['login                      POST /api/v1/auth/login', async () => {
    tokens = await expectOk('POST', '/api/v1/auth/login', { body: { email: person.email, password: person.password } }) as unknown as Tokens
    expect(typeof tokens.access_token === 'string', 'no access token')
  }],
  ['token refresh              POST /api/v1/auth/refresh', async () => { tokens = await expectOk('POST', '/api/v1/auth/refresh', { token: tokens.refresh_token }) as unknown as Tokens }],
  ['nine spheres               GET  /api/v1/spheres', async () => {
    const { items } = await expectOk('GET', '/api/v1/spheres', signedIn()) as { items: unknown[] }
    expect(items.length === 9, `${items.length} spheres`)
  }],
  ['agents                     GET  /api/v1/agents', async () => {
    const { items } = await expectOk('GET', '/api/v1/agents', signedIn()) as { items: unknown[] }
    expect(items.length > 0, 'no agents')
  }],
  ['create a thread            POST /api/v1/threads', async () => { await expectOk('POST', '/api/v1/threads', { ...signedIn(), body: { title: 'Test Thread', sphere_id: 1 } }, 201) }],
  ['WebSocket                  WS   /ws', connectSocket],
  ['AT·OM heartbeat            GET  /api/atom/heartbeat', async () => expect((await expectOk('GET', '/api/atom/heartbeat')).frequency === 444, 'not 444')],
  ['AT·OM status               GET  /api/atom/status', async () => expect((await expectOk('GET', '/api/atom/status')).status === 'operational', 'not operational')],
  ['AT·OM resonance            POST /api/atom/resonance', async () => {
    const { status } = await expectOk('POST', '/api/atom/resonance', { ...signedIn(), body: { frequency: 444, phase: 0 } })
    expect(status === 'resonance_updated', String(status))
  }],
]

/** Why, without what every failed fetch says. */
function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error)
  const { code } = (error.cause ?? {}) as { code?: string }
  return code ?? error.message
}

async function attempt([name, work]: (typeof tests)[number]): Promise<Outcome> {
  const started = performance.now()
  try {
    await work()
    return { name, passed: true, ms: performance.now() - started, note: '' }
  } catch (error) {
    return { name, passed: false, ms: performance.now() - started, note: reasonOf(error) }
  }
}

const outcomes: Outcome[] = []
console.log(`Smoke tests of ${address}\n`)
for (const [index, test] of tests.entries()) {
  const outcome = await attempt(test)
  outcomes.push(outcome)
  console.log(`${String(index + 1).padStart(2)}  ${outcome.passed ? 'pass' : 'FAIL'}  ${outcome.name.padEnd(56)} ${outcome.ms.toFixed(0).padStart(5)} ms${outcome.note ? `  ${outcome.note}` : ''}`)
}
const passed = outcomes.filter((outcome) => outcome.passed).length
console.log(`\n${passed}/${tests.length} passed in ${outcomes.reduce((sum, { ms }) => sum + ms, 0).toFixed(0)} ms`)
process.exit(passed === tests.length ? 0 : 1)
