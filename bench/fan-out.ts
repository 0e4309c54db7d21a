import { once } from 'node:events'
import { WebSocket } from 'ws'
import { createClient } from './load.ts'
import type { Bench, BenchPerson } from './people.ts'

const SOCKETS_EACH = 5
const EVENTS = 20

/** One event to 1,000 sockets: 200 people with five each, all on the channel `atom`; ms until the last one has it. */
export async function benchFanOut(bench: Bench): Promise<void> {
  const sockets: WebSocket[] = []
  for (let index = 0; index < 200; index += 1) sockets.push(...await openSockets(bench, index))
  const client = createClient(bench.url, 1)
  const times: number[] = []
  for (let round = 0; round < EVENTS; round += 1) {
    const all = Promise.all(sockets.map((socket) => nextEvent(socket, 'atom:resonance')))
    const started = performance.now()
    const { status } = await client.call({ method: 'POST', path: '/api/atom/resonance', token: bench.people[0]?.token ?? '', body: { frequency: 444, phase: round, agent_id: 'P001' } })
    if (status !== 200) throw new Error(`resonance answered ${status}`)
    await all
    times.push(performance.now() - started)
  }
  for (const socket of sockets) socket.terminate()
  client.close()
  times.sort((a, b) => a - b)
  const { rssMiB } = await bench.usage()
  console.log(`WebSocket fan-out: 1 event to ${sockets.length} sockets in ${times[Math.floor(EVENTS / 2)]?.toFixed(0)} ms (median of ${EVENTS}, worst ${times.at(-1)?.toFixed(0)} ms), request included; server ${rssMiB.toFixed(0)} MiB`)
}

async function openSockets(bench: Bench, index: number): Promise<WebSocket[]> {
  const person = await personFor(bench, index)
  return Promise.all(Array.from({ length: SOCKETS_EACH }, async () => {
    const socket = new WebSocket(`${bench.url.replace(/^http/, 'ws')}/ws`)
    await once(socket, 'open')
    socket.send(JSON.stringify({ type: 'auth', token: person.token }))
    await nextFrame(socket, 'auth_success')
    socket.send(JSON.stringify({ type: 'subscribe', channel: 'atom' }))
    await nextFrame(socket, 'subscribed')
    return socket
  }))
}

async function personFor(bench: Bench, index: number): Promise<BenchPerson> {
  const found = bench.people[index]
  if (found) return found
  const client = createClient(bench.url, 1)
  const { body } = await client.call({ method: 'POST', path: '/api/v2/auth/register', body: { email: `socket-${index}@example.org`, password: 'Correct horse 42!', name: 'Socket' } })
  client.close()
  const { access_token: token, identity, user } = body as { access_token: string; identity: { id: string }; user: { id: string } }
  return { token, identityId: identity.id, userId: user.id }
}

function waitFor(socket: WebSocket, matches: (frame: Record<string, unknown>) => boolean): Promise<void> {
  return new Promise((resolve) => {
    const listen = (data: Buffer): void => {
      if (!matches(JSON.parse(data.toString()) as Record<string, unknown>)) return
      socket.off('message', listen)
      resolve()
    }
    socket.on('message', listen)
  })
}

const nextFrame = (socket: WebSocket, type: string): Promise<void> => waitFor(socket, (frame) => frame.type === type)
const nextEvent = (socket: WebSocket, name: string): Promise<void> => waitFor(socket, (frame) => frame.type === 'event' && frame.name === name)
