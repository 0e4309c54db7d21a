import { lookup as systemLookup, type LookupAddress } from 'node:dns'
import { isIP, type Socket } from 'node:net'
import { Agent, buildConnector, errors, type Dispatcher } from 'undici'
import { isLoopbackAddress, isPublicAddress } from './public-address.ts'
import { readWebhookUrl, type UrlRules } from './webhook-url.ts'

/** One attempt. The same `id` in its headers is the same delivery. */
export type WebhookCall = { url: string; headers: Record<string, string>; body: string }

/**
 * What came of it. `status` null: nothing was answered, `fault` says why in one word, such as `timeout` or `refused_address`.
 * `text`: at most 200 harmless characters of the answer. Delivered is a status of 200 to 299 and nothing else.
 */
export type WebhookAnswer = { delivered: boolean; status: number | null; fault: string | null; text: string }

/** The way out to webhooks. */
export type WebhookClient = {
  /** Posts once; follows nothing, never throws. */
  post(call: WebhookCall, signal: AbortSignal): Promise<WebhookAnswer>
  close(): Promise<void>
}

/** Every address of a name. */
export type Resolve = (hostname: string, done: (error: Error | null, addresses: LookupAddress[]) => void) => void
type Options = UrlRules & { resolve?: Resolve; limits?: Partial<typeof WEBHOOK_LIMITS>; /** Certificates to trust beside the usual ones; tests give their own. */ ca?: string }

export const WEBHOOK_LIMITS = { totalMs: 10_000, connectMs: 5_000, bodyBytes: 64 * 1024, headerBytes: 16 * 1024 }
const SHOWN = 200
const USER_AGENT = 'CHE-NU-Webhooks/1'

class AddressRefused extends Error { code = 'REFUSED_ADDRESS' }

const resolveBySystem: Resolve = (hostname, done) => { systemLookup(hostname, { all: true }, done) }

/**
 * A client that reaches the public internet and nothing else. The address is checked where it is used: a literal before the
 * socket is made, a name's addresses in the very lookup that the socket connects by (so a name that resolves otherwise a
 * moment later changes nothing), and the peer of the connected socket once more before a byte of ours is written. One
 * address of a name that is not public refuses the name.
 */
export function createWebhookClient({ allowHttp, allowLoopback, resolve = resolveBySystem, limits: given = {}, ca }: Options): WebhookClient {
  const limits = { ...WEBHOOK_LIMITS, ...given }
  const mayReach = (address: string): boolean => isPublicAddress(address) || (allowLoopback && isLoopbackAddress(address))
  const connect = guardedConnector({ mayReach, resolve, connectMs: limits.connectMs, ca })
  const agent = new Agent({
    connect, allowH2: false, pipelining: 1, keepAliveTimeout: 4_000, maxHeaderSize: limits.headerBytes, headersTimeout: limits.totalMs, bodyTimeout: limits.totalMs,
  })
  return {
    async post({ url, headers, body }, signal) {
      const read = readWebhookUrl(url, { allowHttp, allowLoopback })
      if ('fault' in read) return { delivered: false, status: null, fault: `refused_${read.fault}`, text: '' }
      const limit = AbortSignal.any([signal, AbortSignal.timeout(limits.totalMs)])
      try {
        return await send(agent, { url: read.url, headers, body }, { limit, bodyBytes: limits.bodyBytes })
      } catch (error) {
        return { delivered: false, status: null, fault: faultOf(error, limit), text: '' }
      }
    },
    close: () => agent.destroy(),
  }
}

type Guard = { mayReach(address: string): boolean; resolve: Resolve; connectMs: number; ca: string | undefined }

function guardedConnector({ mayReach, resolve, connectMs, ca }: Guard): buildConnector.connector {
  const lookup = (hostname: string, options: { all?: boolean }, done: (error: Error | null, address: string | LookupAddress[], family?: number) => void): void => {
    resolve(hostname, (error, addresses) => {
      const [first] = addresses ?? []
      if (error) done(error, [])
      else if (!first || !addresses.every(({ address }) => mayReach(address))) done(new AddressRefused(), [])
      else if (options.all) done(null, addresses)
      else done(null, first.address, first.family)
    })
  }
  const plain = buildConnector({ lookup, timeout: connectMs, allowH2: false, keepAlive: false, ...(ca === undefined ? {} : { ca }) } as buildConnector.BuildOptions)
  return (options, callback) => {
    const host = options.hostname.replace(/^\[|\]$/g, '')
    if (isIP(host) && !mayReach(host)) return callback(new AddressRefused(), null)
    return plain(options, (...[error, socket]: [Error, null] | [null, Socket]) => {
      if (error) return callback(error, null)
      if (mayReach(socket.remoteAddress ?? '')) return callback(null, socket)
      socket.destroy()
      return callback(new AddressRefused(), null)
    })
  }
}

async function send(agent: Agent, { url, headers, body }: WebhookCall, { limit, bodyBytes }: { limit: AbortSignal; bodyBytes: number }): Promise<WebhookAnswer> {
  const { origin, pathname, search } = new URL(url)
  // What this builds is what is sent: nothing here follows a redirect or unpacks a body.
  const answer = await agent.request({
    origin, path: `${pathname}${search}`, method: 'POST', signal: limit, body,
    headers: { 'user-agent': USER_AGENT, 'accept-encoding': 'identity', ...headers, 'content-type': 'application/json' },
  })
  const delivered = answer.statusCode >= 200 && answer.statusCode < 300
  const bytes = await readCapped(answer.body, bodyBytes)
  const packed = (answer.headers['content-encoding'] ?? 'identity') !== 'identity'
  const redirected = answer.statusCode >= 300 && answer.statusCode < 400
  return { delivered, status: answer.statusCode, text: packed ? '' : safeText(bytes), fault: delivered ? null : redirected ? 'redirect' : 'status' }
}

/** The status has decided by now; the body is read for the eye only, as far as it comes within the limits. */
async function readCapped(body: Dispatcher.ResponseData['body'], max: number): Promise<Buffer> {
  const chunks: Buffer[] = []
  let size = 0
  try {
    for await (const chunk of body as AsyncIterable<Buffer>) {
      size += chunk.length
      // Leaving the loop destroys the stream, and with it the connection.
      if (size > max) break
      chunks.push(chunk)
    }
  } catch {
    // A body that breaks off, or lasts too long, changes nothing about its status.
  }
  return Buffer.concat(chunks)
}

/** At most 200 characters that do nothing anywhere: no markup, no control, no direction marks. */
export const safeText = (bytes: Buffer): string =>
  bytes.subarray(0, 2_000).toString('utf8').replace(/[<>&"'`\\\p{C}\p{Z}\uFFFD]+/gu, ' ').trim().slice(0, SHOWN).toWellFormed()

function faultOf(error: unknown, limit: AbortSignal): string {
  if (limit.aborted) return limit.reason instanceof DOMException && limit.reason.name === 'TimeoutError' ? 'timeout' : 'stopped'
  if (error instanceof AddressRefused) return 'refused_address'
  if (error instanceof errors.HeadersTimeoutError || error instanceof errors.BodyTimeoutError || error instanceof errors.ConnectTimeoutError) return 'timeout'
  const { code } = error as { code?: unknown }
  return typeof code === 'string' && /^[A-Z0-9_]{1,60}$/.test(code) ? code.toLowerCase() : 'fault'
}
