import type { FastifyInstance, FastifyRequest } from 'fastify'
import type { Problem } from '../errors.ts'
import { MethodNotAllowed, NotFound } from '../problems.ts'

export type RefuseUnknown = (request: Pick<FastifyRequest, 'method' | 'url'>) => Problem

/**
 * Remembers the addresses of the routes that are mounted from here on. The function it returns says why a request for
 * none of them is refused: 405 with what its address answers to, else 404, which repeats nothing of what was asked for.
 */
export function knowAddresses(server: FastifyInstance): RefuseUnknown {
  const known: Array<{ methods: string[]; matches: RegExp }> = []
  server.addHook('onRoute', ({ method, url }) => {
    const pattern = url.replace(/[.+?^${}()|[\]\\]/g, '\\$&').replace(/:\w+/g, '[^/]+').replace(/\*/g, '.*')
    known.push({ methods: [method].flat(), matches: new RegExp(`^${pattern}$`) })
  })
  return ({ method, url }) => {
    const path = url.split('?', 1)[0] ?? ''
    const allow = new Set(known.filter(({ matches }) => matches.test(path)).flatMap(({ methods }) => methods))
    return allow.size > 0 && !allow.has(method) ? MethodNotAllowed({ allow: [...allow].toSorted() }) : NotFound()
  }
}
