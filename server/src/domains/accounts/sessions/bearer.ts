import type { FastifyRequest } from 'fastify'
import { Unauthenticated } from '../../../platform/problems.ts'

const BEARER = /^bearer ([\x21-\x7e]+)$/i

/** The one bearer token of a request. Throws Unauthenticated when there is none, or more than one header (RFC 6750). */
export function bearerOf(request: FastifyRequest): string {
  const token = findBearer(request)
  if (token === undefined) throw Unauthenticated()
  return token
}

/** Undefined when the request has no Authorization header at all. */
export function findBearer({ raw }: FastifyRequest): string | undefined {
  const given = raw.headersDistinct.authorization
  if (given === undefined) return undefined
  const [header = '', ...others] = given
  const token = BEARER.exec(header)?.[1]
  if (others.length > 0 || token === undefined) throw Unauthenticated()
  return token
}
