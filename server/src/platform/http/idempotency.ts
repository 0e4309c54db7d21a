import type { FastifyRequest } from 'fastify'
import { canonical, sha256 } from '../canonical.ts'
import { MalformedRequest } from '../problems.ts'

export type IdempotencyKey = { route: string; key: string; requestHash: string }

const KEY = /^[\x21-\x7e](?:[\x20-\x7e]{0,253}[\x21-\x7e])?$/

/**
 * The Idempotency-Key of a POST, with the route and the hash of the input that it stands for; undefined without one.
 * Throws MalformedRequest for a key that is empty, longer than 255 or not printable ASCII.
 */
export function idempotencyKeyOf(request: FastifyRequest, route: string, input: unknown): IdempotencyKey | undefined {
  const given = request.headers['idempotency-key']
  if (given === undefined || request.method !== 'POST') return undefined
  if (typeof given !== 'string' || !KEY.test(given)) {
    throw MalformedRequest({ en: 'Idempotency-Key takes 1 to 255 printable ASCII characters.', fr: 'Idempotency-Key prend de 1 à 255 caractères ASCII imprimables.' })
  }
  return { route, key: given, requestHash: sha256(canonical(input)) }
}
