import { WebSocket, type ClientOptions } from 'ws'

export type Frame = Record<string, unknown> & { type: string }

/** A live socket as a test holds it: every frame that came, and waits for those that will. */
export type TestSocket = {
  socket: WebSocket
  frames: Frame[]
  send(frame: Record<string, unknown> | string): void
  /** The first frame, past or future, that matches. */
  find(matches: (frame: Frame) => boolean): Promise<Frame>
  ofType(type: string): Promise<Frame>
  /** Settles with the close code. */
  closed: Promise<number>
  events(): Frame[]
  close(): void
}

/** Connects to /ws. Rejects with the HTTP status when the handshake is refused. */
export function openSocket(url: string, options: ClientOptions & { path?: string } = {}): Promise<TestSocket> {
  const socket = new WebSocket(`${url.replace(/^http/, 'ws')}${options.path ?? '/ws'}`, options)
  const frames: Frame[] = []
  const waiting = new Set<() => void>()
  const closed = new Promise<number>((resolve) => { socket.on('close', (code) => { resolve(code) }) })
  socket.on('error', () => {})
  socket.on('message', (data) => {
    frames.push(JSON.parse(String(data)) as Frame)
    for (const look of waiting) look()
  })
  const find = (matches: (frame: Frame) => boolean): Promise<Frame> => new Promise((resolve, reject) => {
    const look = (): void => {
      const found = frames.find(matches)
      if (!found) return
      waiting.delete(look)
      resolve(found)
    }
    waiting.add(look)
    look()
    closed.then((code) => { if (waiting.has(look)) reject(new Error(`closed with ${code} before that frame came; got ${JSON.stringify(frames.slice(-5))}`)) }, reject)
  })
  return new Promise((resolve, reject) => {
    socket.once('unexpected-response', (_request, response) => { reject(Object.assign(new Error('refused'), { status: response.statusCode, response })) })
    socket.once('open', () => {
      resolve({
        socket, frames, find, closed,
        send: (frame) => { socket.send(typeof frame === 'string' ? frame : JSON.stringify(frame)) },
        ofType: (type) => find((frame) => frame.type === type),
        events: () => frames.filter(({ type }) => type === 'event'),
        close: () => { socket.close() },
      })
    })
    socket.once('error', reject)
  })
}

/** Connects, authenticates and subscribes. */
export async function listenTo(url: string, token: string, ...channels: string[]): Promise<TestSocket> {
  const socket = await openSocket(url)
  socket.send({ type: 'auth', token })
  await socket.ofType('auth_success')
  for (const channel of channels) {
    socket.send({ type: 'subscribe', channel })
    await socket.find((frame) => frame.type === 'subscribed' && frame.channel === channel)
  }
  return socket
}
