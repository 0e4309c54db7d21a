import { createServer, type IncomingHttpHeaders, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { gzipSync } from 'node:zlib'

/** A request as it came: its headers, and its body byte for byte. */
export type Taken = { headers: IncomingHttpHeaders; raw: Buffer; method: string; url: string }

/** How it answers: with a status, by a redirect, or as one of the receivers that nobody wants. */
export type Manner = number | { redirect: number; to: string } | { say: string; status?: number; headers?: Record<string, string> } | 'hang' | 'reset' | 'endless' | 'bomb' | 'big_headers'

export type Receiver = {
  url: string
  port: number
  taken: Taken[]
  manner: Manner
  /** Resolves once it has taken so many requests. */
  count(wanted: number): Promise<void>
  close(): Promise<void>
}

const answerBy: Record<Extract<Manner, string>, (response: ServerResponse) => void> = {
  hang: () => {},
  reset: (response) => { response.socket?.resetAndDestroy() },
  endless: (response) => {
    response.writeHead(200)
    const more = (): void => { while (!response.destroyed && response.write('x'.repeat(16_384))); }
    response.on('drain', more)
    more()
  },
  bomb: (response) => { response.writeHead(500, { 'content-encoding': 'gzip' }).end(gzipSync(Buffer.alloc(50 * 1024 * 1024))) },
  big_headers: (response) => { response.writeHead(200, { 'x-big': 'x'.repeat(1024 * 1024) }).end() },
}

/** A receiver of webhooks on loopback. */
export async function startReceiver(manner: Manner = 200): Promise<Receiver> {
  const waiting = new Set<() => void>()
  const server = createServer((request, response) => {
    const chunks: Buffer[] = []
    response.on('error', () => {})
    request.on('data', (chunk: Buffer) => { chunks.push(chunk) })
    request.on('end', () => {
      receiver.taken.push({ headers: request.headers, raw: Buffer.concat(chunks), method: request.method ?? '', url: request.url ?? '' })
      answer(receiver.manner, response)
      for (const look of waiting) look()
    })
  })
  server.on('clientError', (_error, socket) => { socket.destroy() })
  await new Promise<void>((resolve) => { server.listen(0, '127.0.0.1', resolve) })
  const { port } = server.address() as AddressInfo
  const receiver: Receiver = {
    url: `http://127.0.0.1:${port}/hook`, port, taken: [], manner,
    count: (wanted) => new Promise((resolve) => {
      const look = (): void => {
        if (receiver.taken.length < wanted) return
        waiting.delete(look)
        resolve()
      }
      waiting.add(look)
      look()
    }),
    close: () => new Promise((resolve) => {
      server.close(() => { resolve() })
      server.closeAllConnections()
    }),
  }
  return receiver
}

function answer(manner: Manner, response: ServerResponse): void {
  if (typeof manner === 'number') response.writeHead(manner).end('thanks')
  else if (typeof manner === 'string') answerBy[manner](response)
  else if ('redirect' in manner) response.writeHead(manner.redirect, { location: manner.to }).end()
  else response.writeHead(manner.status ?? 200, manner.headers).end(manner.say)
}
