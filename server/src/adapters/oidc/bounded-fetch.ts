import { Agent, fetch } from 'undici'
import { isLoopback } from '../../platform/settings.ts'

const LIMIT_MS = 5_000
/** Bytes of an answer that are read: metadata, keys and tokens are far shorter. */
const ANSWER_MAX_BYTES = 65_536
const HEADERS_MAX_BYTES = 16_384

const agent = new Agent({ connect: { timeout: LIMIT_MS }, headersTimeout: LIMIT_MS, bodyTimeout: LIMIT_MS, maxResponseSize: ANSWER_MAX_BYTES, maxHeaderSize: HEADERS_MAX_BYTES, keepAliveTimeout: 1_000 })

export type Options = { method?: string; headers?: Record<string, string>; body?: unknown; redirect?: string; signal?: AbortSignal | null }

/** A `fetch` for a provider's addresses: https (or http on loopback, for a provider there), no redirect, 5 s, 64 KiB. */
export function boundedFetch({ loopback }: { loopback: boolean }) {
  return async (url: string, options: Options): Promise<Response> => {
    const { protocol, hostname } = new URL(url)
    const allowed = protocol === 'https:' || (loopback && protocol === 'http:' && isLoopback(hostname))
    if (!allowed) throw new TypeError('A provider’s address must be https')
    const limit = AbortSignal.timeout(LIMIT_MS)
    const answer = await fetch(url, {
      method: options.method ?? 'GET', headers: options.headers ?? {}, redirect: 'manual', dispatcher: agent,
      signal: options.signal ? AbortSignal.any([options.signal, limit]) : limit,
      ...(options.body === undefined || options.body === null ? {} : { body: options.body as string }),
    })
    return answer as unknown as Response
  }
}
