import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'

/** An answer as a test reads it; `body` is the parsed JSON, or the text when it is not JSON. */
// eslint-disable-next-line typescript/no-explicit-any -- tests look into answers of every shape
export type Answer = { status: number; headers: Headers; body: any }

export type Client = {
  get(path: string, headers?: Record<string, string>): Promise<Answer>
  post(path: string, body?: unknown, headers?: Record<string, string>): Promise<Answer>
  put(path: string, body?: unknown, headers?: Record<string, string>): Promise<Answer>
  patch(path: string, body?: unknown, headers?: Record<string, string>): Promise<Answer>
  del(path: string, headers?: Record<string, string>): Promise<Answer>
}

export type Person = Client & {
  user: { id: string; email: string; name: string }
  identity: { id: string; type: string; name: string }
  token: string
  refreshToken: string
  password: string
}

/** A client of the server at `url`, with a bearer token when one is given. */
export function client(url: string, token?: string): Client {
  const send = async (method: string, path: string, body: unknown, headers: Record<string, string> = {}): Promise<Answer> => {
    const response = await fetch(`${url}${path}`, {
      method,
      headers: { ...(token ? { authorization: `Bearer ${token}` } : {}), ...(body === undefined ? {} : { 'content-type': 'application/json' }), ...headers },
      ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
    })
    const text = await response.text()
    const isJson = /json/.test(response.headers.get('content-type') ?? '') && !/ndjson/.test(response.headers.get('content-type') ?? '')
    return { status: response.status, headers: response.headers, body: isJson && text ? JSON.parse(text) : text }
  }
  return {
    get: (path, headers) => send('GET', path, undefined, headers),
    post: (path, body, headers) => send('POST', path, body, headers),
    put: (path, body, headers) => send('PUT', path, body, headers),
    patch: (path, body, headers) => send('PATCH', path, body, headers),
    del: (path, headers) => send('DELETE', path, undefined, headers),
  }
}

/** Registers a fresh person and signs them in. */
export async function register(url: string, given: { name?: string; email?: string; password?: string } = {}): Promise<Person> {
  const email = given.email ?? `ada-${randomUUID()}@example.org`
  const password = given.password ?? 'Correct horse 42!'
  const { status, body } = await client(url).post('/api/v2/auth/register', { email, password, name: given.name ?? 'Ada Lovelace' })
  assert.equal(status, 201, JSON.stringify(body))
  return { ...client(url, body.access_token), user: body.user, identity: body.identity, token: body.access_token, refreshToken: body.refresh_token, password }
}
