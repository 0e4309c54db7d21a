/** What one socket, one user and one address may take; tests give smaller ones. */
export const LIVE_LIMITS = {
  /** Milliseconds in which the first message must authenticate. */
  authMs: 10_000,
  /** Milliseconds after its authentication in which a socket's first subscriptions are waited for. */
  settleMs: 300,
  /** Milliseconds between pings; a peer that answered none since the last one is dropped, so within twice this time. */
  heartbeatMs: 30_000,
  /** How often deadlines and heartbeats are looked at. */
  sweepMs: 500,
  frameBytes: 65_536,
  fragmentsOfAFrame: 1_024,
  /** What may wait in memory for one slow reader before it is dropped. */
  bufferedBytes: 1_048_576,
  messagesPerSecond: 50,
  badFramesInARow: 10,
  /** Messages that wait while one of the same socket is being answered. */
  waitingMessages: 100,
  channelsPerSocket: 100,
  /** On one node. */
  connectionsPerUser: 5,
  /** On one node; not counted with RATE_LIMIT=off. */
  connectionsPerAddress: 100,
  /** Missed events that one `since` may ask for. */
  replayEvents: 10_000,
  replayPage: 500,
  /** Milliseconds that peers have to answer a close before their socket is cut. */
  closeMs: 2_000,
}

export type LiveLimits = typeof LIVE_LIMITS

/** Close codes: 1001, 1008, 1009 and 1013 are those of RFC 6455; the others are ours, named after HTTP's. */
export const CLOSE = { goingAway: 1001, policy: 1008, tryAgainLater: 1013, unauthenticated: 4401, tooManyConnections: 4429 } as const
