import { Unauthenticated } from '../problems.ts'
import { expel, type Desk } from './answer-frame.ts'
import { CLOSE } from './limits.ts'
import { isOpen, type Peer } from './peer.ts'

/** Looks at the deadlines of every socket: to authenticate, to renew its token, to answer a ping. */
export function sweep(desk: Desk): void {
  const { roster, limits, platform } = desk
  const now = performance.now()
  const time = platform.clock.now()
  for (const peer of roster.peers) {
    if (!isOpen(peer)) continue
    const late = peer.admitted === null ? now - peer.openedAt >= limits.authMs : peer.admitted.expiresAt <= time
    if (late) expel(desk, peer, Unauthenticated(), CLOSE.unauthenticated)
    else if (now - peer.pingedAt >= limits.heartbeatMs) beat(peer, now)
  }
}

function beat(peer: Peer, now: number): void {
  if (!peer.answeredPing) return peer.socket.terminate()
  peer.answeredPing = false
  peer.pingedAt = now
  peer.socket.ping()
}
