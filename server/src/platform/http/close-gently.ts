import type { Socket } from 'node:net'
import type { FastifyInstance } from 'fastify'
import { ServiceUnavailable } from '../problems.ts'

const RETRY_AFTER_SECONDS = 5

/** When the server closes: requests in flight are finished, what comes behind them is 503, and nobody who says nothing is waited for. */
export function closeGently(server: FastifyInstance): void {
  // Node takes a connection on which no request has come yet for a busy one, until its headers are overdue.
  const unused = new Set<Socket>()
  let isClosing = false
  server.server.on('connection', (socket) => {
    unused.add(socket)
    socket.once('close', () => { unused.delete(socket) })
    if (isClosing) socket.destroy()
  })
  server.addHook('preClose', async () => {
    isClosing = true
    for (const socket of unused) socket.destroy()
  })
  server.addHook('onRequest', async (request) => {
    unused.delete(request.raw.socket)
    if (isClosing) throw ServiceUnavailable({ retryAfterSeconds: RETRY_AFTER_SECONDS })
  })
  server.addHook('onSend', (_request, reply, _payload, done) => {
    if (isClosing) reply.header('connection', 'close')
    done()
  })
}
