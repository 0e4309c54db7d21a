import type { IncomingMessage } from 'node:http'
import type { Duplex } from 'node:stream'
import type { Problem } from '../errors.ts'
import { safeHeaderLines } from '../http/safe-headers.ts'
import { MisdirectedRequest, NotFound, Unauthenticated } from '../problems.ts'
import type { Settings } from '../settings.ts'
import { preferredLanguage } from '../text.ts'
import { OriginRefused } from './problems.ts'

export const LIVE_PATH = '/ws'

type Handshake = Pick<IncomingMessage, 'url' | 'headers'>

/** Why an upgrade is refused before it becomes a socket; undefined when it may go on. Never says what it read. */
export function refusalOf({ url = '', headers }: Handshake, { CORS_ORIGINS, PUBLIC_HOSTS }: Pick<Settings, 'CORS_ORIGINS' | 'PUBLIC_HOSTS'>, paths: readonly string[] = [LIVE_PATH]): Problem | undefined {
  const [path, query = ''] = url.split('?', 2)
  if (!paths.includes(path ?? '')) return NotFound()
  const host = headers.host?.toLowerCase() ?? ''
  if (PUBLIC_HOSTS.length > 0 && !PUBLIC_HOSTS.includes(host.replace(/:\d+$/, ''))) return MisdirectedRequest()
  if (!isAllowedOrigin(headers, host, CORS_ORIGINS)) return OriginRefused()
  // A token in an address ends up in histories and logs of others, so it is refused even when it is good (V14.2.1).
  return carriesToken(query) ? Unauthenticated() : undefined
}

/** Browsers always send Origin: one that is missing beside a cookie is no honest client of ours, for we set no cookies. */
function isAllowedOrigin({ origin, cookie }: IncomingMessage['headers'], host: string, allowed: readonly string[]): boolean {
  if (origin === undefined) return cookie === undefined
  if (allowed.includes(origin)) return true
  return URL.canParse(origin) && new URL(origin).host === host && host !== ''
}

const carriesToken = (query: string): boolean =>
  /(?:^|&)(?:access_?|refresh_?|id_?)?(?:token|jwt|auth|authorization|bearer|api_?key|session|sceau)=/i.test(query) || /eyJ[\w-]+(?:\.|%2e)/i.test(query)

/** The client's address; behind TRUST_PROXY proxies the one that the outermost of them saw. */
export function addressOf({ headers, socket }: Pick<IncomingMessage, 'headers' | 'socket'>, trustedProxies: number): string {
  const direct = socket.remoteAddress ?? ''
  if (trustedProxies === 0) return direct
  const hops = [headers['x-forwarded-for'] ?? []].flat().join(',').split(',').map((hop) => hop.trim()).filter(Boolean)
  return hops.at(-trustedProxies) ?? hops[0] ?? direct
}

const REASONS: Record<number, string> = { 401: 'Unauthorized', 403: 'Forbidden', 404: 'Not Found', 421: 'Misdirected Request', 429: 'Too Many Requests', 503: 'Service Unavailable' }

/** Answers an upgrade with a problem and closes. */
export function refuseUpgrade(socket: Duplex, problem: Problem, acceptLanguage: string | undefined): void {
  const language = preferredLanguage(acceptLanguage)
  const body = JSON.stringify({ type: `urn:chenu:problem:${problem.code}`, title: problem.kind.title[language], status: problem.status, detail: problem.detail()[language], code: problem.code })
  const headers = Object.entries(problem.headers).map(([name, value]) => `${name}: ${value}`)
  socket.once('finish', () => { socket.destroy() })
  socket.end([
    `HTTP/1.1 ${problem.status} ${REASONS[problem.status] ?? 'Refused'}`, 'content-type: application/problem+json; charset=utf-8', `content-length: ${Buffer.byteLength(body)}`,
    ...headers, ...safeHeaderLines(), 'connection: close', '', body,
  ].join('\r\n'))
}
