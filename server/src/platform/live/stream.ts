import type { IncomingMessage } from 'node:http'
import type { Duplex } from 'node:stream'
import { WebSocketServer, type RawData, type WebSocket } from 'ws'
import { preferredLanguage, type Language } from '../text.ts'
import { isProblem, type Problem } from '../errors.ts'
import type { Log } from '../log.ts'
import { InternalError, RateLimited, ServiceUnavailable } from '../problems.ts'
import { problemFrame } from './frames.ts'
import { refuseUpgrade } from './handshake.ts'
import { CLOSE, type LiveLimits } from './limits.ts'

/** One listener of a stream. */
export type Listener = {
  /** Hands a frame over; a listener that reads too slowly is dropped instead of being buffered without bound. False when it is gone. */
  send(frame: Buffer, options?: { binary: boolean }): boolean
  close(code: number, reason: string): void
  language: Language
}

/**
 * A read-only stream beside /ws: it belongs to nobody, so it has no channels and no replay. `admit` looks at the handshake;
 * `open` answers the listener's messages and tells when it leaves. Both may throw a Problem.
 */
export type Stream = {
  path: string
  admit(request: IncomingMessage): Promise<unknown>
  open(listener: Listener, admitted: unknown, request: IncomingMessage): { message(text: string): Promise<void>; left(): void }
}

const MESSAGES_PER_SECOND = 10
const CONNECTIONS_MAX = 500

export type Streams = {
  /** Takes the upgrade when one of the streams has that path; false when none has. */
  take(request: IncomingMessage, socket: Duplex, head: Buffer): boolean
  count(): number
  sweep(): void
  close(): Promise<void>
}

type Seat = { socket: WebSocket; answered: boolean; pingedAt: number; second: number; messages: number }

/** Serves the streams of a node, at most 500 listeners together. */
export function createStreams(streams: Stream[], { limits, log }: { limits: LiveLimits; log: Log }): Streams {
  const server = new WebSocketServer({ noServer: true, clientTracking: false, perMessageDeflate: false, maxPayload: 4_096, handleProtocols: () => false as const })
  const seats = new Set<Seat>()
  let arriving = 0
  let closing = false

  async function admit(stream: Stream, request: IncomingMessage, socket: Duplex, head: Buffer): Promise<void> {
    const language = request.headers['accept-language']
    if (closing) return refuseUpgrade(socket, ServiceUnavailable({ retryAfterSeconds: 5 }), language)
    if (seats.size + arriving >= CONNECTIONS_MAX) return refuseUpgrade(socket, RateLimited({ policy: 'streams', retryAfterSeconds: 60 }), language)
    arriving += 1
    try {
      const admitted = await stream.admit(request)
      if (closing) return refuseUpgrade(socket, ServiceUnavailable({ retryAfterSeconds: 5 }), language)
      server.handleUpgrade(request, socket, head, (accepted) => { seat(stream, accepted, admitted, request) })
    } catch (error) {
      if (!isProblem(error)) log.error({ error }, 'a stream could not be opened')
      refuseUpgrade(socket, isProblem(error) ? error : InternalError(), language)
    } finally {
      arriving -= 1
    }
  }

  function seat(stream: Stream, socket: WebSocket, admitted: unknown, request: IncomingMessage): void {
    const place: Seat = { socket, answered: true, pingedAt: performance.now(), second: 0, messages: 0 }
    const listener: Listener = {
      language: preferredLanguage(request.headers['accept-language']),
      close: (code, reason) => { socket.close(code, reason) },
      send: (frame, { binary } = { binary: false }) => {
        if (socket.readyState !== socket.OPEN) return false
        if (socket.bufferedAmount + frame.length > limits.bufferedBytes) {
          socket.terminate()
          return false
        }
        socket.send(frame, { binary })
        return true
      },
    }
    seats.add(place)
    socket.on('error', () => {})
    const { message, left } = stream.open(listener, admitted, request)
    let answering: Promise<void> = Promise.resolve()
    socket.on('close', () => {
      seats.delete(place)
      left()
    })
    socket.on('pong', () => { place.answered = true })
    socket.on('message', (data: RawData, isBinary: boolean) => {
      if (isBinary || !countMessage(place)) return socket.close(CLOSE.policy, 'too many or binary messages')
      place.answered = true
      answering = answering.then(() => message(String(data))).catch((error: unknown) => { complain(listener, error) })
    })
  }

  function complain(listener: Listener, error: unknown): void {
    if (!isProblem(error)) log.error({ error }, 'a message of a stream failed')
    const problem: Problem = isProblem(error) ? error : InternalError()
    listener.send(problemFrame(problem, listener.language))
    if (problem.status === 401) listener.close(CLOSE.unauthenticated, problem.code)
  }

  return {
    take(request, socket, head) {
      const stream = streams.find(({ path }) => path === (request.url ?? '').split('?', 1)[0])
      if (!stream) return false
      void admit(stream, request, socket, head)
      return true
    },
    count: () => seats.size,
    sweep() {
      const now = performance.now()
      for (const place of seats) {
        if (now - place.pingedAt < limits.heartbeatMs) continue
        if (!place.answered) {
          place.socket.terminate()
          continue
        }
        place.answered = false
        place.pingedAt = now
        place.socket.ping()
      }
    },
    async close() {
      closing = true
      await Promise.all([...seats].map(({ socket }) => new Promise<void>((resolve) => {
        const cut = setTimeout(() => { socket.terminate() }, limits.closeMs).unref()
        socket.once('close', () => {
          clearTimeout(cut)
          resolve()
        })
        socket.close(CLOSE.goingAway, 'the server stops')
      })))
    },
  }
}

function countMessage(place: Seat): boolean {
  const second = Math.floor(performance.now() / 1_000)
  if (second !== place.second) Object.assign(place, { second, messages: 0 })
  place.messages += 1
  return place.messages <= MESSAGES_PER_SECOND
}
