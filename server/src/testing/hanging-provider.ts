import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'

/** `hanging` settles once so many requests are open. */
export type HangingProvider = { url: string; hanging(count: number): Promise<void>; close(): Promise<void> }

/** A provider that answers /quick and leaves every other request open in the middle of its answer. */
export async function startHangingProvider(): Promise<HangingProvider> {
  let open = 0
  let look = (): void => {}
  const server = createServer((request, response) => {
    if (request.url === '/quick') response.end('ok')
    else {
      response.writeHead(200).write('…')
      open += 1
      look()
    }
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    hanging: (count) => new Promise((resolve) => {
      look = () => { if (open >= count) resolve() }
      look()
    }),
    async close() {
      server.closeAllConnections()
      server.close()
      await once(server, 'close')
    },
  }
}
