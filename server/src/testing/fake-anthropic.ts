import assert from 'node:assert/strict'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'

/** One call of a tool as the model words it; `id` is given when left out. */
export type WantedCall = { tool: string; args: unknown; id?: string }

/** What the model answers next: words and calls, any HTTP answer, nothing at all, or half an answer on a cut line. */
export type Reply =
  | { say?: string; call?: WantedCall[]; usage?: { input_tokens: number; output_tokens: number }; stop?: string }
  | { status: number; headers?: Record<string, string>; body?: string }
  | 'hang' | 'cut'

/** A reply, or how it is made of what was asked. */
export type Script = Reply | ((asked: AskedOf) => Reply | Promise<Reply>)

// eslint-disable-next-line typescript/no-explicit-any -- tests look into requests of every shape
export type AskedOf = { path: string; headers: IncomingMessage['headers']; body: any; closed: Promise<void> }

export type FakeAnthropic = {
  url: string
  /** The settings under which a server talks to it. */
  settings: { ANTHROPIC_API_KEY: string; ANTHROPIC_BASE_URL: string }
  requests: AskedOf[]
  /** Adds to what it will answer, in order; then it answers 500. */
  script(...replies: Script[]): void
  /** What it answers when nothing is scripted, instead of 500. */
  otherwise(reply: Script): void
  /** Forgets what it was asked and what it would have answered. */
  reset(): void
  /** Resolves once it was asked so often. */
  asked(times: number): Promise<void>
  close(): Promise<void>
}

/** Anthropic's Messages API on loopback: says what a test tells it to, and keeps what it was asked. */
export async function startFakeAnthropic(): Promise<FakeAnthropic> {
  const requests: AskedOf[] = []
  const replies: Script[] = []
  let fallback: Script = { status: 500, body: 'nothing scripted' }
  const waiting: Array<() => void> = []
  const server = createServer((request, response) => {
    void hear(request, response)
  })
  async function hear(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const closed = new Promise<void>((resolve) => { response.once('close', resolve) })
    const text = await readText(request).catch(() => undefined)
    if (text === undefined) return // Given up before it was said.
    const asked = { path: request.url ?? '', headers: request.headers, body: JSON.parse(text), closed }
    requests.push(asked)
    for (const look of waiting) look()
    const next = replies.shift() ?? fallback
    const turn = requests.length
    answer(response, typeof next === 'function' ? await next(asked) : next, turn)
  }
  await new Promise<void>((resolve) => { server.listen(0, '127.0.0.1', resolve) })
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  return {
    url, requests, settings: { ANTHROPIC_API_KEY: 'sk-ant-canary-000', ANTHROPIC_BASE_URL: url },
    script: (...next) => { replies.push(...next) },
    otherwise: (reply) => { fallback = reply },
    reset: () => { requests.length = 0; replies.length = 0 },
    asked: (times) => new Promise((resolve) => {
      const look = (): void => { if (requests.length >= times) resolve() }
      waiting.push(look)
      look()
    }),
    close: () => new Promise((resolve) => {
      server.close(() => { resolve() })
      server.closeAllConnections()
    }),
  }
}

async function readText(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = []
  for await (const chunk of request as AsyncIterable<Buffer>) chunks.push(chunk)
  return Buffer.concat(chunks).toString('utf8')
}

function answer(response: ServerResponse, reply: Reply, turn: number): void {
  if (reply === 'hang') return
  if (reply === 'cut') {
    response.writeHead(200, { 'content-type': 'application/json', 'content-length': '100000' }).write('{"type": "message", "content": [')
    setImmediate(() => { response.destroy() })
    return
  }
  if ('status' in reply) {
    response.writeHead(reply.status, { 'content-type': 'application/json', ...reply.headers }).end(reply.body ?? '')
    return
  }
  response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(messageOf(reply, turn)))
}

function messageOf({ say, call = [], usage = { input_tokens: 100, output_tokens: 20 }, stop }: Extract<Reply, { say?: string }>, turn: number) {
  return {
    id: `msg_${turn}`, type: 'message', role: 'assistant', model: 'claude-sonnet-4-5',
    content: [
      ...(say === undefined ? [] : [{ type: 'text', text: say }]),
      ...call.map(({ tool, args, id }, index) => ({ type: 'tool_use', id: id ?? `toolu_${turn}_${index}`, name: tool.replaceAll('.', '__'), input: args })),
    ],
    stop_reason: stop ?? (call.length > 0 ? 'tool_use' : 'end_turn'), stop_sequence: null, usage,
  }
}

/** The results that the model was shown in a request, in order, parsed. */
// eslint-disable-next-line typescript/no-explicit-any -- tests look into results of every shape
export function resultsIn({ body }: AskedOf): Array<{ id: string; failed: boolean; value: any }> {
  const last = body.messages.at(-1)
  assert.equal(last.role, 'user')
  return last.content.filter((part: { type: string }) => part.type === 'tool_result')
    .map((part: { tool_use_id: string; is_error?: boolean; content: string }) => ({ id: part.tool_use_id, failed: part.is_error ?? false, value: JSON.parse(part.content) }))
}
