import type { IncomingMessage, Server } from 'node:http'
import { WebSocketServer, type RawData, type WebSocket } from 'ws'
import { isProblem, type Problem } from '../errors.ts'
import { InternalError, RateLimited, ServiceUnavailable, Unauthenticated } from '../problems.ts'
import { preferredLanguage } from '../text.ts'
import { answerFrame, expel, type Desk, type LiveRules } from './answer-frame.ts'
import { fanOut, tellLive } from './fan-out.ts'
import { problemFrame } from './frames.ts'
import { addressOf, LIVE_PATH, refusalOf, refuseUpgrade } from './handshake.ts'
import { CLOSE, LIVE_LIMITS, type LiveLimits } from './limits.ts'
import { closePolicy, countMessage, createPeer, isOpen, refuse, send, type Peer } from './peer.ts'
import { BadFrame } from './problems.ts'
import { thaw } from './replay.ts'
import { createRoster } from './roster.ts'
import { createStreams, type Stream } from './stream.ts'
import { sweep } from './sweep.ts'

export type LiveOptions = LiveRules & Pick<Desk, 'platform' | 'relay'> & { server: Server; limits?: Partial<LiveLimits>; streams?: Stream[] }

export type LiveStats = { connections: number; streams: number; users: number; channels: number; subscriptions: number; events_sent: number }

export type Live = {
  /** Tells a channel something that is not an event of the record: no number, no replay. */
  tell(given: { channel: string; name: string; data: Record<string, unknown>; at: Date }): void
  /** How many sockets of this node hear the channel. */
  listeners(channel: string): number
  stats(): LiveStats
  /** Refuses new sockets and closes the others with 1001; settles when all are gone. */
  close(): Promise<void>
}

/** Events that end the sockets of a session (`session_id`) or of a user (`user_id`), except those of the identity that it now is (`identity_id`). */
const ENDINGS = ['session.revoked', 'identity.switched', 'user.disabled']

/** The live side of the server: sockets at /ws that hear the events of their identity as they are committed. */
export function createLive({ server, limits: given, streams: offered = [], ...rest }: LiveOptions): Live {
  const limits = { ...LIVE_LIMITS, ...given }
  const roster = createRoster()
  const desk: Desk = { ...rest, roster, limits }
  const { relay, platform } = desk
  const sockets = new WebSocketServer(socketOptions(limits))
  const streams = createStreams(offered, { limits, log: platform.log })
  const paths = [LIVE_PATH, ...offered.map(({ path }) => path)]
  let closing = false
  let eventsSent = 0

  const onUpgrade = (request: IncomingMessage, socket: Parameters<WebSocketServer['handleUpgrade']>[1], head: Buffer): void => {
    socket.on('error', () => { socket.destroy() })
    const address = addressOf(request, platform.settings.TRUST_PROXY)
    const crowded = platform.settings.RATE_LIMIT === 'on' && roster.ofAddress(address) >= limits.connectionsPerAddress
    const refusal = refusalOf(request, platform.settings, paths) ?? (closing ? ServiceUnavailable({ retryAfterSeconds: 5 }) : crowded ? RateLimited({ policy: 'sockets', retryAfterSeconds: 60 }) : undefined)
    if (refusal) return refuseUpgrade(socket, refusal, request.headers['accept-language'])
    if (streams.take(request, socket, head)) return
    sockets.handleUpgrade(request, socket, head, (accepted) => { open(accepted, createPeer(accepted, { address, language: preferredLanguage(request.headers['accept-language']) })) })
  }

  const open = (socket: WebSocket, peer: Peer): void => {
    roster.add(peer)
    socket.on('error', () => {}) // ws closes the socket itself, with the code of the fault.
    socket.on('close', () => { roster.remove(peer) })
    socket.on('pong', () => { peer.answeredPing = true })
    for (const control of ['ping', 'pong']) socket.on(control, () => { if (!countMessage(peer, limits)) closePolicy(peer, 'too many messages') })
    socket.on('message', (data, isBinary) => { take(desk, peer, { data, isBinary }) })
  }

  server.on('upgrade', onUpgrade)
  const ends = [
    relay.onEvent((event) => { eventsSent += fanOut(roster, event, limits) }),
    ...ENDINGS.map((name) => relay.bus.on(name, ({ data }) => { endSockets(desk, data) }, { priority: 0 })),
  ]
  const timer = setInterval(() => {
    sweep(desk)
    streams.sweep()
  }, limits.sweepMs).unref()

  return {
    tell: (told) => { eventsSent += tellLive(roster, told, limits) },
    listeners: (channel) => roster.ofChannel(channel).size,
    stats: () => ({ ...roster.counts(), streams: streams.count(), events_sent: eventsSent }),
    async close() {
      closing = true
      clearInterval(timer)
      for (const end of ends) end()
      // A peer that does not answer the close is cut after `closeMs`.
      await Promise.all([streams.close(), ...[...roster.peers].map((peer) => new Promise<void>((resolve) => {
        peer.socket.once('close', () => { resolve() })
        refuse(peer, CLOSE.goingAway, 'the server stops')
      }))])
      server.off('upgrade', onUpgrade)
    },
  }
}

// No compression: a small message cannot unfold into a large one, and no window is kept for each socket.
const socketOptions = (limits: LiveLimits) => ({
  noServer: true, clientTracking: false, perMessageDeflate: false, maxPayload: limits.frameBytes, maxFragments: limits.fragmentsOfAFrame,
  closeTimeout: limits.closeMs, handleProtocols: () => false as const,
})

/** Messages of one socket are answered one after the other, so that what a client sends in order happens in order. */
function take(desk: Desk, peer: Peer, { data, isBinary }: { data: RawData; isBinary: boolean }): void {
  const { limits } = desk
  if (!isOpen(peer)) return
  if (!countMessage(peer, limits) || peer.waiting >= limits.waitingMessages) return closePolicy(peer, 'too many messages')
  peer.answeredPing = true
  peer.waiting += 1
  peer.answering = peer.answering.then(async () => {
    const isNew = peer.admitted === null
    if (isOpen(peer)) await answerOrRefuse(desk, peer, isBinary ? undefined : String(data))
    peer.waiting -= 1
    if (isNew) thawLater(desk, peer)
    else await thawWhenIdle(desk, peer)
  })
}

async function answerOrRefuse(desk: Desk, peer: Peer, text: string | undefined): Promise<void> {
  try {
    if (text === undefined) throw BadFrame({ en: 'Messages are text, not binary.', fr: 'Les messages sont du texte, pas du binaire.' })
    await answerFrame(desk, peer, text)
    peer.badFrames = 0
  } catch (error) {
    if (!isProblem(error)) desk.platform.log.error({ error }, 'a live message failed')
    complain(desk, peer, isProblem(error) ? error : InternalError())
  }
}

function complain({ limits }: Desk, peer: Peer, problem: Problem): void {
  send(peer, problemFrame(problem, peer.language), limits)
  peer.badFrames += 1
  if (peer.badFrames >= limits.badFramesInARow) closePolicy(peer, 'too many bad messages')
}

function thawLater(desk: Desk, peer: Peer): void {
  setTimeout(() => { peer.answering = peer.answering.then(() => thawWhenIdle(desk, peer)) }, desk.limits.settleMs).unref()
}

/** Not while messages wait: those of a client that subscribes to several channels are answered before its events go on. */
async function thawWhenIdle(desk: Desk, peer: Peer): Promise<void> {
  if (peer.frozenAt === null || peer.admitted === null || peer.waiting > 0 || !isOpen(peer)) return
  try {
    await thaw({ ...desk, peer, caller: peer.admitted.caller })
  } catch (error) {
    desk.platform.log.warn({ error }, 'a live socket could not catch up')
    refuse(peer, CLOSE.tryAgainLater, 'connect again with since')
  }
}

function endSockets(desk: Desk, { session_id: sessionId, user_id: userId, identity_id: identityId }: Record<string, unknown>): void {
  for (const peer of desk.roster.peers) {
    const caller = peer.admitted?.caller
    // A client may connect with the token of a switch before the switch is announced: that socket stays.
    if (!caller || caller.identityId === identityId) continue
    if (sessionId === undefined ? caller.userId === userId : caller.sessionId === sessionId) expel(desk, peer, Unauthenticated(), CLOSE.unauthenticated)
  }
}
