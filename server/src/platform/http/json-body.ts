import type { Buffer } from 'node:buffer'
import type { FastifyInstance, FastifyRequest } from 'fastify'
import { MalformedRequest, UnsupportedMediaType } from '../problems.ts'
import { parseJson } from './json.ts'

export const BODY_LIMIT_BYTES = 1_048_576

const UTF8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })

/** Takes bodies as JSON in UTF-8, and nothing else. An empty body is none. */
export function takeJsonOnly(server: FastifyInstance): void {
  server.removeAllContentTypeParsers()
  server.addContentTypeParser('application/json', { parseAs: 'buffer' }, async (request: FastifyRequest, body: Buffer) => {
    const charset = /;\s*charset="?([^";\s]+)/i.exec(request.headers['content-type'] ?? '')?.[1] ?? 'utf-8'
    if (!/^utf-?8$/i.test(charset)) throw UnsupportedMediaType()
    return body.length === 0 ? undefined : parseJson(decode(body))
  })
}

function decode(body: Buffer): string {
  try {
    return UTF8.decode(body)
  } catch {
    throw MalformedRequest({ en: 'The body is not UTF-8.', fr: 'Le corps n’est pas en UTF-8.' })
  }
}
