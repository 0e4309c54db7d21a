import { createServer, type RequestListener, type Server } from 'node:http'
import { HEADERS_MAX } from './check-request.ts'

/** Milliseconds that a client may take for its headers, for a whole request, and between two; how often that is looked at. */
export type Timeouts = { headersMs: number; requestMs: number; keepAliveMs: number; checkMs: number }

export const TIMEOUTS: Timeouts = { headersMs: 5_000, requestMs: 10_000, keepAliveMs: 15_000, checkMs: 1_000 }
export const HEADER_BYTES_MAX = 16_384

/** Node's HTTP server with limits on everything that a client can keep open or make long. */
export function createNodeServer(handler: RequestListener, { headersMs, requestMs, keepAliveMs, checkMs }: Timeouts): Server {
  const server = createServer({
    headersTimeout: headersMs, requestTimeout: requestMs, keepAliveTimeout: keepAliveMs, connectionsCheckingInterval: checkMs, maxHeaderSize: HEADER_BYTES_MAX,
    // A missing Host is answered by us, as a problem; Node would send an empty 400.
    requireHostHeader: false,
    // Some clients offer HTTP/2 on every request (`Upgrade: h2c`): they are answered in HTTP/1.1, as RFC 9110 §7.8 has it.
    shouldUpgradeCallback: ({ headers }) => headers.upgrade?.toLowerCase() === 'websocket',
  }, handler)
  // One more than we take, so that the one too many shows.
  server.maxHeadersCount = HEADERS_MAX + 1
  // An expectation that we do not know is not met, which is no reason to refuse (RFC 9110 §10.1.1).
  server.on('checkExpectation', handler)
  return server
}
