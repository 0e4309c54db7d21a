import { Agent as HttpAgent, request as httpRequest, type ClientRequest, type IncomingMessage, type RequestOptions } from 'node:http'
import { Agent as HttpsAgent, request as httpsRequest } from 'node:https'

/** Bytes of an answer that are read; a model's longest answer is far shorter. */
export const ANSWER_MAX_BYTES = 4_000_000
const CONNECT_TIMEOUT_MS = 5_000

/** The provider did not take the connection in time. */
export class ConnectTimeout extends Error {
  readonly afterSeconds = CONNECT_TIMEOUT_MS / 1_000
}

type Fetch = typeof globalThis.fetch

/**
 * A `fetch` that reaches one origin only, follows no redirect, gives a connection 5 s and an answer 4 MB. Connections are
 * not kept: one that the provider has closed meanwhile would lose a request for which nobody can say what became of it.
 */
export function boundedFetch(origin: string): Fetch {
  const secure = new URL(origin).protocol === 'https:'
  const agent = secure ? new HttpsAgent({ keepAlive: false }) : new HttpAgent({ keepAlive: false })
  const open = secure ? httpsRequest : httpRequest
  return async (input, init = {}) => {
    const url = new URL(String(input))
    if (url.origin !== origin) throw new TypeError('Only the configured provider is reached')
    // The SDK gives headers as a plain object and the body as text; identity, because nothing here unpacks.
    const headers = { ...init.headers as Record<string, string>, 'accept-encoding': 'identity' }
    const response = await send((options) => open(url, options), { method: init.method ?? 'GET', headers, agent, ...(init.signal ? { signal: init.signal } : {}) }, String(init.body ?? ''))
    const status = response.statusCode ?? 0
    if (status < 200 || status > 599) throw new TypeError('No HTTP status')
    const body = await readBounded(response)
    return new Response([204, 205, 304].includes(status) ? null : body, { status, headers: headersOf(response) })
  }
}

function send(open: (options: RequestOptions) => ClientRequest, options: RequestOptions, body: string): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    const request = open(options)
    const connecting = setTimeout(() => { request.destroy(new ConnectTimeout('connect timeout')) }, CONNECT_TIMEOUT_MS)
    request.once('socket', (socket) => { socket.once('encrypted' in socket ? 'secureConnect' : 'connect', () => { clearTimeout(connecting) }) })
    request.once('close', () => { clearTimeout(connecting) })
    request.once('error', reject)
    request.once('response', resolve)
    request.end(body)
  })
}

async function readBounded(response: IncomingMessage): Promise<Uint8Array<ArrayBuffer>> {
  const chunks: Buffer[] = []
  let bytes = 0
  for await (const chunk of response as AsyncIterable<Buffer>) {
    bytes += chunk.length
    // Leaving the loop destroys the connection: no more of it is read.
    if (bytes > ANSWER_MAX_BYTES) throw new TypeError('The answer is too long')
    chunks.push(chunk)
  }
  return new Uint8Array(Buffer.concat(chunks))
}

function headersOf(response: IncomingMessage): Headers {
  const headers = new Headers()
  for (let at = 0; at + 1 < response.rawHeaders.length; at += 2) headers.append(response.rawHeaders[at] ?? '', response.rawHeaders[at + 1] ?? '')
  return headers
}
