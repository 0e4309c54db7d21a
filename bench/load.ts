import { Agent, request } from 'node:http'

export type Call = { method: string; path: string; body?: unknown; token?: string; headers?: Record<string, string> }
export type Reply = { status: number; body: Record<string, unknown> }

/** A keep-alive HTTP client for one address, light enough that the server is what is measured. */
export function createClient(url: string, connections: number): { call(given: Call): Promise<Reply>; close(): void } {
  const agent = new Agent({ keepAlive: true, maxSockets: connections })
  const { hostname, port } = new URL(url)
  return {
    close: () => agent.destroy(),
    call: ({ method, path, body, token, headers }) => new Promise((resolve, reject) => {
      const text = body === undefined ? '' : JSON.stringify(body)
      const outgoing = request({
        agent, hostname, port, method, path,
        headers: { ...(text ? { 'content-type': 'application/json', 'content-length': Buffer.byteLength(text) } : {}), ...(token ? { authorization: `Bearer ${token}` } : {}), ...headers },
      }, (incoming) => {
        const chunks: Buffer[] = []
        incoming.on('data', (chunk: Buffer) => { chunks.push(chunk) })
        incoming.on('end', () => {
          const raw = Buffer.concat(chunks).toString()
          resolve({ status: incoming.statusCode ?? 0, body: raw.startsWith('{') ? JSON.parse(raw) as Record<string, unknown> : {} })
        })
      })
      outgoing.on('error', reject)
      outgoing.end(text)
    }),
  }
}

export type Figures = { count: number; perSecond: number; p50: number; p95: number; p99: number }

/** Runs `work` in `concurrency` loops for `seconds`; every call must succeed, or the figure would be of failures. */
export async function measure(given: { concurrency: number; seconds: number; work: (loop: number) => Promise<void> }): Promise<Figures> {
  const started = performance.now()
  const until = started + given.seconds * 1_000
  const times: number[] = []
  await Promise.all(Array.from({ length: given.concurrency }, async (_, loop) => {
    while (performance.now() < until) {
      const begun = performance.now()
      await given.work(loop)
      times.push(performance.now() - begun)
    }
  }))
  const elapsed = (performance.now() - started) / 1_000
  times.sort((a, b) => a - b)
  const at = (share: number): number => times[Math.min(times.length - 1, Math.floor(times.length * share))] ?? 0
  return { count: times.length, perSecond: times.length / elapsed, p50: at(0.5), p95: at(0.95), p99: at(0.99) }
}
