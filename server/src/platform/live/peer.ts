import type { WebSocket } from 'ws'
import type { Caller } from '../ctx.ts'
import type { CommittedEvent } from '../events/event.ts'
import type { Language } from '../text.ts'
import { CLOSE, type LiveLimits } from './limits.ts'

/** Who a socket speaks for, and until when. */
export type Admitted = { caller: Caller; expiresAt: Date }

/** One socket and what is known of it. */
export type Peer = {
  socket: WebSocket
  address: string
  language: Language
  /** performance.now() when it connected. */
  openedAt: number
  admitted: Admitted | null
  /** Channel → the number after which the socket has heard, or will hear, everything of it. */
  subscriptions: Map<string, number>
  /** Number of the last event that was handed to it before live events were left aside; null while it is live (replay.ts). */
  frozenAt: number | null
  answeredPing: boolean
  pingedAt: number
  second: { startedAt: number; messages: number }
  badFrames: number
  waiting: number
  /** Ends when the last message is answered; messages of one socket are answered in order. */
  answering: Promise<void>
}

export const createPeer = (socket: WebSocket, { address, language }: { address: string; language: Language }): Peer => {
  const now = performance.now()
  return {
    socket, address, language, openedAt: now, admitted: null, subscriptions: new Map(), frozenAt: null, answeredPing: true, pingedAt: now,
    second: { startedAt: now, messages: 0 }, badFrames: 0, waiting: 0, answering: Promise.resolve(),
  }
}

export const isOpen = ({ socket }: Peer): boolean => socket.readyState === socket.OPEN

/** Counts a message; false when the socket sends too many. */
export function countMessage(peer: Peer, limits: LiveLimits): boolean {
  const now = performance.now()
  if (now - peer.second.startedAt >= 1_000) peer.second = { startedAt: now, messages: 0 }
  peer.second.messages += 1
  return peer.second.messages <= limits.messagesPerSecond
}

/** Sends a frame, or drops a peer that reads so slowly that too much would wait for it in memory; true when it was sent. */
export function send(peer: Peer, frame: Buffer, limits: LiveLimits): boolean {
  if (!isOpen(peer)) return false
  if (peer.socket.bufferedAmount + frame.length > limits.bufferedBytes) {
    peer.socket.terminate()
    return false
  }
  peer.socket.send(frame, { binary: false })
  return true
}

/** Sends a frame and waits for the peer to read when half of what may wait for it does. */
export function sendPaced(peer: Peer, frame: Buffer, limits: LiveLimits): Promise<boolean> | boolean {
  if (peer.socket.bufferedAmount < limits.bufferedBytes / 2) return send(peer, frame, limits)
  return new Promise((resolve) => { peer.socket.send(frame, { binary: false }, () => { resolve(isOpen(peer)) }) })
}

export const refuse = (peer: Peer, code: number, reason: string): void => { peer.socket.close(code, reason) }

export const closePolicy = (peer: Peer, reason: string): void => { refuse(peer, CLOSE.policy, reason) }

/** Whether an event may reach this socket at all: only those of its identity, of its account, or of the instance. An API key speaks for one identity: what the account is told over all of them is not for it. */
export const mayHear = ({ admitted }: Pick<Peer, 'admitted'>, { identityId, userId }: Pick<CommittedEvent, 'identityId' | 'userId'>): boolean =>
  admitted !== null && (identityId === null ? userId === null || !admitted.caller.key : identityId === admitted.caller.identityId) && (userId === null || userId === admitted.caller.userId)

const isAutomatic = (channel: string): boolean => channel.startsWith('user:')

/**
 * The one channel on which a socket hears an event that was not yet covered when it subscribed; undefined for none.
 * An event goes to a socket once, however many of its channels the socket hears; the automatic one comes last.
 */
export function hearingChannel({ subscriptions }: Pick<Peer, 'subscriptions'>, { channels, seq }: Pick<CommittedEvent, 'channels' | 'seq'>, except?: string): string | undefined {
  const covers = (channel: string): boolean => {
    const from = channel === except ? undefined : subscriptions.get(channel)
    return from !== undefined && seq > from
  }
  return channels.find((channel) => !isAutomatic(channel) && covers(channel)) ?? channels.find(covers)
}
