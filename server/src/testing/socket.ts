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
  /** Settles once this holds; looked at with each frame. */
  until(holds: () => boolean): Promise<void>
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
  const until = (holds: () => boolean): Promise<void> => new Promise((resolve, reject) => {
    const look = (): void => {
      if (!holds()) return
      waiting.delete(look)
      resolve()
    }
    waiting.add(look)
    look()
    closed.then((code) => { if (waiting.has(look)) reject(new Error(`closed with ${code} before that came; got ${JSON.stringify(frames.slice(-5))}`)) }, reject)
  })
  const find = async (matches: (frame: Frame) => boolean): Promise<Frame> => {
    let found: Frame | undefined
    let looked = 0
    await until(() => {
      for (; !found && looked < frames.length; looked += 1) if (matches(frames[looked] as Frame)) found = frames[looked]
      return found !== undefined
    })
    return found as unknown as Frame
  }
  return new Promise((resolve, reject) => {
    socket.once('unexpected-response', (_request, response) => { reject(Object.assign(new Error('refused'), { status: response.statusCode, response })) })
    socket.once('open', () => {
      resolve({
        socket, frames, find, until, closed,
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
