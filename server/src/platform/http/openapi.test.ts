import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { Validator } from '@seriousme/openapi-schema-validator'
import fc from 'fast-check'
import { createAnswerCheck, operationsOf, requestsFor, type Generated, type OpenApi } from '../../testing/openapi.ts'
import type { Answer, Person } from '../../testing/person.ts'
import { startWorld, type World } from '../../testing/world.ts'
import { problemKinds } from '../errors.ts'

const SEED = 20_261_121
const REQUESTS = 3_000
const AT_ONCE = 8

let world: World
let document: OpenApi
before(async () => {
  world = await startWorld({ settings: { DATABASE_POOL: '8' } })
  document = (await world.anyone.get('/openapi.json')).body
})
after(() => world.close())

test('/openapi.json is valid OpenAPI 3.1', async () => {
  const { valid, errors } = await new Validator().validate(structuredClone(document))

  assert.equal(document.openapi, '3.1.0')
  assert.ok(valid, JSON.stringify(errors ?? []).slice(0, 1_000))
})

test('every route is in it once, with a name, a summary, a tag, schemas and its errors', () => {
  const operations = operationsOf(document)
  const mounted = world.app.routes.map(({ method, base, url }) => `${method} ${base === 'root' ? '' : '/api/v2'}${url.replace(/:(\w+)/g, '{$1}')}`)
  assert.deepEqual(operations.map(({ method, path }) => `${method} ${path}`).toSorted(), mounted.toSorted())
  assert.equal(new Set(operations.map(({ operation }) => operation.operationId)).size, operations.length)

  for (const { method, path, operation } of operations) {
    const where = `${method} ${path}`
    assert.ok((operation.summary?.length ?? 0) > 4, where)
    assert.equal(operation.tags?.length, 1, where)
    assert.deepEqual([...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => name), operation.parameters?.filter(({ in: place }) => place === 'path').map(({ name }) => name) ?? [], where)
    const answers = Object.entries(operation.responses)
    assert.ok(answers.some(([status]) => status.startsWith('2')), where)
    for (const [status, { description, content }] of answers) {
      assert.ok(description.length > 1, where)
      const [media = '', { schema } = { schema: {} }] = Object.entries(content ?? {})[0] ?? []
      if (Number(status) >= 400) {
        const kind = status === '423' ? 'HeldProblem' : status === '409' && description.includes('ambiguous') ? 'ConflictProblem' : 'Problem'
        assert.deepEqual([media, schema], ['application/problem+json', { $ref: `#/components/schemas/${kind}` }], `${where} ${status}`)
      } else assert.ok(Object.keys(schema).length > 0, `${where} ${status}`)
    }
    for (const status of ['400', '422', '429', '500', '503', ...(operation.security ? ['401'] : [])]) assert.ok(operation.responses[status], `${where} does not say ${status}`)
  }
})

test('every code that a route declares is one that exists', () => {
  for (const { method, url, problems } of world.app.routes) for (const code of problems) assert.ok(problemKinds().has(code), `${method} ${url}: ${code}`)
})

/** A person with something of every kind, and the ids of it, of another's things, and of nothing. */
async function furnish(): Promise<{ ada: Person; known: Record<string, string[]> }> {
  const [ada, bob] = [await world.person(), await world.person()]
  const idOf = async (who: Person, path: string, body: unknown): Promise<string> => (await who.post(`/api/v2${path}`, body)).body.id as string
  const both = async (path: string, body: unknown): Promise<string[]> => [await idOf(ada, path, body), await idOf(ada, path, body), await idOf(bob, path, body)]
  const [notes, tasks, threads, contacts] = [await both('/notes', { title: 'Courses' }), await both('/tasks', { title: 'Courses' }), await both('/threads', { title: 'Courses' }), await both('/contacts', { name: 'Bob', email: 'bob@example.org' })]
  const held = await Promise.all([1, 2, 3, 4].map(async (amount) => (await ada.post('/api/v2/payments/orders', { beneficiary: 'Bob', amount_minor: amount, currency: 'EUR' })).body.checkpoint.id as string))
  const messages = [(await ada.post('/api/v2/messages', { to: bob.user.email, body: 'Bonjour' })).body.id as string]
  const runs = [(await ada.post('/api/v2/nova/query', { action: { tool: 'notes.create', args: { title: 'x' } } })).body.id as string]
  return {
    ada,
    known: {
      note_id: notes, task_id: tasks, thread_id: threads, contact_id: contacts, checkpoint_id: held, message_id: messages, run_id: runs, identity_id: [ada.identity.id, bob.identity.id], session_id: ['01890000-0000-7000-8000-000000000000'], order_id: runs,
      sphere: ['1', 'personal', 'business'], sphere_id: ['1', 'personal', '7'], code: ['orchestrator', 'A-001'], section: ['threads', 'meetings'], tool: ['notes.create', 'notes.delete', 'tasks.search', 'payments.order'], email: [ada.user.email, 'new@example.org'], cursor: ['x.y'], to: [bob.user.email], id: notes, type: ['note', 'task', 'thread', 'enterprise'],
    },
  }
}

/** What would end the session that the others need. */
const ENDINGS = new Set(['/api/v2/auth/logout', '/api/v2/auth/sessions/{session_id}', '/api/v2/auth/change-password'])

test(`INP-14: ${REQUESTS} requests made from the document (seed ${SEED}): none is 5xx, and every answer is as declared`, { timeout: 200_000 }, async () => {
  const { ada, known } = await furnish()
  const mallory = await world.person()
  const isDeclared = createAnswerCheck(document)
  const requests = fc.sample(fc.oneof(...operationsOf(document).map((at) => requestsFor(at, known))), { seed: SEED, numRuns: REQUESTS })
  const found: string[] = []
  const counts = new Map<number, number>()

  const send = async ({ at, url, body }: Generated): Promise<void> => {
    const who = ENDINGS.has(at.path) ? mallory : at.operation.security ? ada : world.anyone
    const answer = await ask(who, at.method, url, body)
    counts.set(answer.status, (counts.get(answer.status) ?? 0) + 1)
    const wrong = answer.status >= 500 && answer.body.code !== 'not_configured' ? `${answer.status} ${JSON.stringify(answer.body)}` : isDeclared(at.operation, { status: answer.status, type: answer.headers.get('content-type') ?? '', body: answer.body })
    if (wrong) found.push(`${at.method} ${url} ${JSON.stringify(body)?.slice(0, 300)} → ${wrong}`)
  }
  const queue = requests.values()
  await Promise.all(Array.from({ length: AT_ONCE }, async () => { for (const request of queue) await send(request) }))

  assert.deepEqual(found.slice(0, 20), [])
  const share = (from: number, to: number): number => [...counts].filter(([status]) => status >= from && status < to).reduce((sum, [, count]) => sum + count, 0) / REQUESTS
  assert.ok(share(200, 300) > 0.2, `enough of them got through: ${JSON.stringify([...counts])}`)
  assert.ok(share(400, 500) > 0.2)
  assert.equal((await ada.get('/api/v2/governance/audit/verify')).body.valid, true)
})

function ask(who: Pick<Person, 'get' | 'post' | 'put' | 'patch' | 'del'>, method: string, url: string, body: unknown): Promise<Answer> {
  switch (method) {
    case 'GET': return who.get(url)
    case 'DELETE': return who.del(url)
    case 'PUT': return who.put(url, body)
    case 'PATCH': return who.patch(url, body)
    default: return who.post(url, body)
  }
}
