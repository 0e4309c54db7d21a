import type { FastifyReply, FastifyRequest } from 'fastify'
import { Problem } from '../errors.ts'
import { Conflict, DatabaseTimeout, InternalError, MalformedRequest, NotFound, PayloadTooLarge, ServiceUnavailable, StorageFull, UnsupportedMediaType } from '../problems.ts'
import { preferredLanguage } from '../text.ts'
import { BODY_LIMIT_BYTES } from './json-body.ts'

type Thrown = { code: string; statusCode?: unknown }

/** The RFC 9457 body of a problem, in the language of its reader. */
export function renderProblem(problem: Problem, request: Pick<FastifyRequest, 'id' | 'headers'>): Record<string, unknown> {
  const language = preferredLanguage(request.headers['accept-language'])
  return {
    type: `urn:chenu:problem:${problem.code}`,
    title: problem.kind.title[language], status: problem.status, detail: problem.detail()[language],
    code: problem.code, request_id: request.id, ...problem.members,
  }
}

export function sendProblem(problem: Problem, request: FastifyRequest, reply: FastifyReply): FastifyReply {
  return reply.code(problem.status).headers({ ...problem.headers, 'content-language': preferredLanguage(request.headers['accept-language']) })
    .type('application/problem+json; charset=utf-8').send(JSON.stringify(renderProblem(problem, request)))
}

/** What a thrown thing is to the client. Anything unknown is our mistake: a bare 500 without its text. */
export function toProblem(error: unknown): Problem {
  if (error instanceof Problem) return error
  const { code, statusCode } = (error ?? {}) as Partial<Record<keyof Thrown, unknown>>
  if (typeof code !== 'string') return InternalError()
  return ofFramework({ code, statusCode }) ?? ofDatabase(code) ?? InternalError()
}

const malformed = (en: string, fr: string): Problem => MalformedRequest({ en, fr })

function ofFramework({ code, statusCode }: Thrown): Problem | undefined {
  switch (code) {
    case 'FST_ERR_CTP_BODY_TOO_LARGE': return PayloadTooLarge({ limitBytes: BODY_LIMIT_BYTES })
    case 'FST_ERR_CTP_INVALID_MEDIA_TYPE': return UnsupportedMediaType()
    case 'FST_ERR_BAD_URL': return malformed('The address is not well-formed text.', 'L’adresse n’est pas un texte bien formé.')
    case 'FST_ERR_MAX_PARAM_LENGTH':
    case 'FST_STATIC_FORBIDDEN_PATH': return NotFound()
    case 'FST_ERR_CTP_INVALID_CONTENT_LENGTH':
    case 'ECONNRESET': return statusCode === 400 ? malformed('The request was cut off.', 'La requête a été interrompue.') : undefined
    default: return code.startsWith('FST_') && statusCode === 400 ? malformed('The request is not well formed.', 'La requête est mal formée.') : undefined
  }
}

/** SQLSTATE classes that a client's input or the moment can cause; see docs/reference/errors.md. */
function ofDatabase(code: string): Problem | undefined {
  if (!/^[0-9A-Z]{5}$/.test(code)) return undefined
  if (code.startsWith('22') || code === '23514' || code === '54000') return malformed('A value is out of range.', 'Une valeur est hors limites.')
  if (code === '23505' || code === '23503') return Conflict({ en: 'That collides with something that exists.', fr: 'Cela entre en conflit avec un élément existant.' })
  if (code === '40001' || code === '40P01' || code === '55P03') return ServiceUnavailable({ retryAfterSeconds: 1 })
  if (code === '53100') return StorageFull()
  // A right that the server needs was taken from its role, such as writing the audit: nothing happens until it is back.
  if (code === '42501') return ServiceUnavailable({ retryAfterSeconds: 60 })
  if (/^(08|25006|53|57P|58)/.test(code)) return ServiceUnavailable({ retryAfterSeconds: 2 })
  return code === '57014' ? DatabaseTimeout() : undefined
}
