import type { Socket } from 'node:net'

const ANSWERS: Record<string, [number, string, string]> = {
  ERR_HTTP_REQUEST_TIMEOUT: [408, 'Request Timeout', 'request_timeout'],
  HPE_HEADER_OVERFLOW: [431, 'Request Header Fields Too Large', 'headers_too_large'],
  HPE_CHUNK_EXTENSIONS_OVERFLOW: [413, 'Payload Too Large', 'payload_too_large'],
}

/** Answers what is not even a request (llhttp refused it) and closes: nothing after it can be trusted. */
export function answerBrokenRequest(error: Error & { code?: string }, socket: Socket): void {
  if (error.code === 'ECONNRESET' || !socket.writable) {
    socket.destroy()
    return
  }
  const [status, title, code] = ANSWERS[error.code ?? ''] ?? [400, 'Bad Request', 'malformed_request']
  const body = JSON.stringify({ type: `urn:chenu:problem:${code}`, title, status, detail: title, code })
  socket.end([
    `HTTP/1.1 ${status} ${title}`, 'content-type: application/problem+json; charset=utf-8', `content-length: ${Buffer.byteLength(body)}`,
    'x-content-type-options: nosniff', "content-security-policy: default-src 'none'; frame-ancestors 'none'", 'cache-control: no-store', 'connection: close', '', body,
  ].join('\r\n'))
}
