import { STATUS_CODES, type ServerResponse } from 'node:http'
import type { Socket } from 'node:net'
import type { Problem } from '../errors.ts'
import { newId } from '../ids.ts'
import type { Log } from '../log.ts'
import { MalformedRequest, PayloadTooLarge, RequestHeadersTooLarge, RequestTimeout } from '../problems.ts'
import { BODY_LIMIT_BYTES } from './json-body.ts'
import { renderProblem } from './problem.ts'
import { safeHeaderLines } from './safe-headers.ts'

/** How long a client has to read its answer before the connection is cut. */
const LINGER_MS = 1_000

const problemOf = (code: string | undefined): Problem => {
  switch (code) {
    case 'ERR_HTTP_REQUEST_TIMEOUT': return RequestTimeout()
    case 'HPE_HEADER_OVERFLOW': return RequestHeadersTooLarge()
    case 'HPE_CHUNK_EXTENSIONS_OVERFLOW': return PayloadTooLarge({ limitBytes: BODY_LIMIT_BYTES })
    default: return MalformedRequest({ en: 'That is not a well-formed HTTP request.', fr: 'Ce n’est pas une requête HTTP bien formée.' })
  }
}

/** Answers what is not even a request (llhttp refused it, or it never ended) and closes: nothing after it can be trusted. */
export const answerBrokenRequests = (log: Log) => (error: Error & { code?: string }, socket: Socket): void => {
  if (error.code === 'ECONNRESET' || !socket.writable || isAnswering(socket)) {
    socket.destroy()
    return
  }
  const problem = problemOf(error.code)
  const requestId = newId()
  log.info({ request_id: requestId, status: problem.status, code: problem.code }, 'broken request')
  const body = JSON.stringify(renderProblem(problem, { id: requestId, headers: {} }))
  socket.end([
    `HTTP/1.1 ${problem.status} ${STATUS_CODES[problem.status] ?? ''}`, 'content-type: application/problem+json; charset=utf-8', 'content-language: en',
    `content-length: ${Buffer.byteLength(body)}`, `x-request-id: ${requestId}`, ...safeHeaderLines(), 'connection: close', '', body,
  ].join('\r\n'))
  setTimeout(() => { socket.destroy() }, LINGER_MS).unref()
}

/**
 * True when another answer is under way on this connection: what we wrote would land in the middle of it. Node keeps the
 * answer that is being written under this name and looks at it for the same reason.
 */
const isAnswering = (socket: Socket & { _httpMessage?: ServerResponse | null }): boolean => socket._httpMessage?.headersSent === true
