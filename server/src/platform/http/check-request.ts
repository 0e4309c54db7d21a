import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { MalformedRequest, MisdirectedRequest, NotAcceptable, RequestHeadersTooLarge } from '../problems.ts'
import type { Settings } from '../settings.ts'
import { isAcceptable } from './accept.ts'
import type { RefuseUnknown } from './known-addresses.ts'

export const HEADERS_MAX = 100
const EMPTY_SEGMENT = /^[^?]*\/(?:\/|\?|$)/

/** Looks at every request before anything else does, its token and its body included. */
export function checkRequests(server: FastifyInstance, given: { settings: Settings; refuseUnknown: RefuseUnknown }): void {
  const hosts = new Set(given.settings.PUBLIC_HOSTS)
  server.addHook('onRequest', async (request, reply) => {
    // Node cuts the list one after the hundredth: what is left out may be what the request stands for.
    if (request.raw.rawHeaders.length > 2 * HEADERS_MAX) throw RequestHeadersTooLarge()
    checkFraming(request, reply)
    checkHost(request, reply, hosts)
    checkAddress(request.url)
    const isPage = request.url.startsWith('/docs')
    // The router takes an empty id for one; nothing has such an address.
    if (request.is404 || (!isPage && EMPTY_SEGMENT.test(request.url))) throw given.refuseUnknown(request)
    if (!isPage && !isAcceptable(request.headers.accept)) throw NotAcceptable()
  })
}

/** A body in another coding than `chunked` ends where we would not see it, and where a proxy before us would (RFC 9112 §6.1). */
function checkFraming({ headers }: FastifyRequest, reply: FastifyReply): void {
  const coding = headers['transfer-encoding']
  if (coding === undefined || coding.toLowerCase() === 'chunked') return
  reply.header('connection', 'close')
  throw MalformedRequest({ en: 'A body comes with its length, or chunked.', fr: 'Un corps vient avec sa longueur, ou en « chunked ».' })
}

/** One Host, and one of ours where PUBLIC_HOSTS lists them (RFC 9112 §3.2). */
function checkHost({ raw, hostname }: FastifyRequest, reply: FastifyReply, hosts: ReadonlySet<string>): void {
  const given = raw.headersDistinct.host?.length ?? 0
  if (given > 1 || (given === 0 && raw.httpVersion !== '1.0')) {
    reply.header('connection', 'close')
    throw MalformedRequest({ en: 'A request names one Host.', fr: 'Une requête nomme un seul Host.' })
  }
  if (hosts.size > 0 && !hosts.has(hostname.toLowerCase())) throw MisdirectedRequest()
}

/** The router decodes the path; here the query is proved, and NUL, which no text of ours may hold, refused in both. */
function checkAddress(url: string): void {
  if (!url.includes('%')) return
  if (/%00/.test(url) || !isDecodable(url.slice(url.indexOf('?') + 1))) throw MalformedRequest({ en: 'The address is not well-formed text.', fr: 'L’adresse n’est pas un texte bien formé.' })
}

function isDecodable(text: string): boolean {
  try {
    decodeURIComponent(text)
    return true
  } catch {
    return false
  }
}
