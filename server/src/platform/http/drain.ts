import type { FastifyInstance } from 'fastify'

const LOOK_MS = 50

/**
 * Lets connections end with the request that they carry once the server closes. Without it one that was busy at that
 * moment, and is kept alive by its client, would hold the close up until its own timeout.
 */
export function endConnectionsOnClose(server: FastifyInstance): void {
  let timer: NodeJS.Timeout | undefined
  server.addHook('preClose', async () => { timer = setInterval(() => { server.server.closeIdleConnections() }, LOOK_MS) })
  server.addHook('onClose', async () => { clearInterval(timer) })
  // With a callback: an async hook would leave a reply unsent for one turn, and its route would answer a second time.
  server.addHook('onSend', (_request, reply, _payload, done) => {
    if (timer) reply.header('connection', 'close')
    done()
  })
}
