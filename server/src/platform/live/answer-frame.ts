import type { Caller, Platform } from '../ctx.ts'
import type { Relay } from '../events/relay.ts'
import { isProblem, type Problem } from '../errors.ts'
import { Unauthenticated } from '../problems.ts'
import { problemFrame, readFrame, toBytes, type ClientFrame } from './frames.ts'
import { CLOSE, type LiveLimits } from './limits.ts'
import { isOpen, refuse, send, type Admitted, type Peer } from './peer.ts'
import { BadFrame, TooManyConnections, UnknownChannel } from './problems.ts'
import { freeze, replay } from './replay.ts'
import type { Roster } from './roster.ts'

/** What a live socket needs from the domains, which the platform does not know. */
export type LiveRules = {
  /** For whom a token speaks. Throws a Problem unless it is good and its session still lives. */
  verifyAccessToken(token: string): Promise<Caller & { expiresAt: Date }>
  /** Throws a Problem unless the caller may hear the channel; has recorded what must be recorded by then. */
  mayListen(caller: Caller, channel: string): Promise<void>
}

export type Desk = LiveRules & { platform: Platform; relay: Relay; roster: Roster; limits: LiveLimits }

/** Answers one message. Throws a Problem for what the client got wrong. */
export async function answerFrame(desk: Desk, peer: Peer, text: string): Promise<void> {
  const frame = readFrame(text)
  if (frame.type === 'auth') return authenticate(desk, peer, frame.token)
  if (frame.type === 'ping') return tell(desk, peer, { type: 'pong', at: desk.platform.clock.now().toISOString() })
  if (peer.admitted === null) throw Unauthenticated()
  if (frame.type === 'unsubscribe') return unsubscribe(desk, peer, frame.channel)
  return subscribe(desk, peer, peer.admitted, frame)
}

const tell = ({ limits }: Desk, peer: Peer, frame: Record<string, unknown>): void => { send(peer, toBytes(frame), limits) }

/** Says why and closes. */
export function expel({ limits }: Pick<Desk, 'limits'>, peer: Peer, problem: Problem, code: number): void {
  send(peer, problemFrame(problem, peer.language, code === CLOSE.unauthenticated ? 'auth_failed' : 'error'), limits)
  refuse(peer, code, problem.code)
}

async function authenticate(desk: Desk, peer: Peer, token: string): Promise<void> {
  try {
    const { expiresAt, ...caller } = await desk.verifyAccessToken(token)
    const admitted: Admitted = { caller, expiresAt }
    if (peer.admitted === null) await admit(desk, peer, token, admitted)
    else renew(peer, peer.admitted, admitted)
  } catch (error) {
    if (!isProblem(error)) throw error
    const code = error.status === 429 ? CLOSE.tooManyConnections : error.status >= 500 ? CLOSE.tryAgainLater : CLOSE.unauthenticated
    return expel(desk, peer, error, code)
  }
  if (peer.admitted === null || !isOpen(peer)) return
  const { caller, expiresAt } = peer.admitted
  tell(desk, peer, {
    type: 'auth_success', user_id: caller.userId, identity_id: caller.identityId, session_id: caller.sessionId,
    expires_at: expiresAt.toISOString(), heartbeat_ms: desk.limits.heartbeatMs, seq: peer.frozenAt ?? desk.relay.lastSeq(),
  })
}

async function admit(desk: Desk, peer: Peer, token: string, admitted: Admitted): Promise<void> {
  const { roster, relay, limits } = desk
  const { userId } = admitted.caller
  if ([...roster.ofUser(userId)].filter(isOpen).length >= limits.connectionsPerUser) throw TooManyConnections({ limit: limits.connectionsPerUser })
  peer.admitted = admitted
  roster.admit(peer, userId)
  // A session that ended after the first look was announced when this socket was not filed yet: look again now that it is.
  await Promise.all([desk.verifyAccessToken(token), relay.catchUp()])
  if (isOpen(peer)) roster.subscribe(peer, `user:${userId}`, freeze(peer, relay))
}

/** A newer token of the same session and identity lengthens the socket's life; any other is another caller. */
function renew(peer: Peer, { caller }: Admitted, fresh: Admitted): void {
  const same = caller.sessionId === fresh.caller.sessionId && caller.identityId === fresh.caller.identityId && caller.userId === fresh.caller.userId
  if (!same) throw Unauthenticated()
  peer.admitted = fresh
}

function unsubscribe(desk: Desk, peer: Peer, channel: string): void {
  if (!peer.subscriptions.has(channel)) throw UnknownChannel()
  desk.roster.unsubscribe(peer, channel)
  tell(desk, peer, { type: 'unsubscribed', channel })
}

async function subscribe(desk: Desk, peer: Peer, { caller }: Admitted, { channel, since }: Extract<ClientFrame, { type: 'subscribe' }>): Promise<void> {
  const { roster, relay, limits } = desk
  await desk.mayListen(caller, channel)
  if (!peer.subscriptions.has(channel) && peer.subscriptions.size >= limits.channelsPerSocket) {
    throw BadFrame({ en: `A socket hears at most ${limits.channelsPerSocket} channels.`, fr: `Une connexion écoute au plus ${limits.channelsPerSocket} canaux.` })
  }
  if (!isOpen(peer)) return
  const begin = (seq: number): void => { tell(desk, peer, { type: 'subscribed', channel, seq }) }
  if (since === undefined) {
    if (!peer.subscriptions.has(channel)) roster.subscribe(peer, channel, relay.lastSeq())
    return begin(relay.lastSeq())
  }
  const events = await replay({ ...desk, peer, caller, channel, since, begin })
  tell(desk, peer, { type: 'replayed', channel, events })
}
