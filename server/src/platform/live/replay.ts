import type { Caller, Platform } from '../ctx.ts'
import type { CommittedEvent } from '../events/event.ts'
import { findOldest, listMissed } from '../events/queries.ts'
import { readEvent } from '../events/read-event.ts'
import type { Relay } from '../events/relay.ts'
import { eventFrame } from './frames.ts'
import type { LiveLimits } from './limits.ts'
import { hearingChannel, mayHear, sendPaced, type Peer } from './peer.ts'
import { ReplayTooOld } from './problems.ts'
import type { Roster } from './roster.ts'

type Means = { peer: Peer; caller: Caller; platform: Platform; relay: Relay; roster: Roster; limits: LiveLimits }
type Range = { channels: string[]; after: number; upTo: number }

/*
 * Why there is no gap and no duplicate between replay and live. A socket is live or frozen. While it is frozen at n, the
 * events after n are left aside by the fan-out (fan-out.ts), and everything up to n has been handed to it or was not for it.
 * `replay` freezes the socket where this node's relay stands, and reads from the table what its channel said between
 * `since` and n, without what another subscription of the socket has brought already. `thaw` reads what all its channels
 * said after n, up to the relay's last number, again and again until a step finds both numbers equal; in that same step,
 * before another event can be handed on, the socket is live. Everything up to that number came from the table, all
 * after it comes live, and numbers have no gaps (relay.ts).
 *
 * A socket is frozen from its authentication until its next messages are answered or a moment has passed, so that the
 * automatic channel does not run ahead of what a client missed: but for older events of a second channel, a socket hears
 * events in the order of their numbers, and the last number that it heard is a good `since`.
 */

/** Leaves live events aside for this socket from here on. */
export const freeze = (peer: Peer, relay: Relay): number => (peer.frozenAt ??= relay.lastSeq())

/** Subscribes to a channel and sends what was missed on it up to where the socket is frozen, oldest first; how many events that were. */
export async function replay(given: Means & { channel: string; since: number; begin(seq: number): void }): Promise<number> {
  const { peer, channel, since, relay, roster, limits } = given
  // A client that heard more on another node than this one has handed on yet: catch up first.
  if (since > relay.lastSeq()) await relay.catchUp()
  if (since > relay.lastSeq()) throw ReplayTooOld({ limit: limits.replayEvents })
  const frozenAt = freeze(peer, relay)
  const known = peer.subscriptions.get(channel) ?? frozenAt
  const missed: Range = { channels: [channel], after: since, upTo: Math.min(known, frozenAt) }
  const [[beyond], oldest] = await Promise.all([read(given, missed, { limit: 1, offset: limits.replayEvents }), readOldest(given)])
  if (beyond || since < oldest - 1) throw ReplayTooOld({ limit: limits.replayEvents })
  given.begin(frozenAt)
  const sent = await sendRange(given, missed, (event) => (hearingChannel(peer, event, channel) === undefined ? channel : undefined))
  roster.subscribe(peer, channel, Math.min(since, known))
  return sent
}

/** Sends what was left aside, and makes the socket live. When it throws, the socket must be closed. */
export async function thaw(given: Means): Promise<void> {
  const { peer, relay } = given
  while (peer.frozenAt !== null && peer.frozenAt < relay.lastSeq()) {
    const upTo = relay.lastSeq()
    await sendRange(given, { channels: [...peer.subscriptions.keys()], after: peer.frozenAt, upTo }, (event) => hearingChannel(peer, event))
    peer.frozenAt = upTo
  }
  peer.frozenAt = null
}

async function sendRange(given: Means, range: Range, channelOf: (event: CommittedEvent) => string | undefined): Promise<number> {
  const { peer, limits } = given
  let sent = 0
  for (let { after } = range; after < range.upTo;) {
    const events = await read(given, { ...range, after }, { limit: limits.replayPage, offset: 0 })
    for (const event of events) {
      const channel = mayHear(peer, event) ? channelOf(event) : undefined
      if (channel === undefined) continue
      if (!await sendPaced(peer, eventFrame(event, channel), limits)) return sent
      sent += 1
    }
    after = events.length < limits.replayPage ? range.upTo : events.at(-1)?.seq ?? range.upTo
  }
  return sent
}

/** The number from which on every event is still there; older ones are forgotten after a while (events/forget-events.ts). */
const readOldest = async ({ platform, relay }: Means): Promise<number> => {
  const [row] = await platform.store.within({ service: 'live' }, (tx) => tx.send(findOldest(tx.db)))
  return row ? Number(row.seq) : relay.lastSeq() + 1
}

/** Reads under the identity's own scope: row-level security shows its own events, its account's and the instance's. */
const read = async ({ caller, platform }: Means, range: Range, page: { limit: number; offset: number }): Promise<CommittedEvent[]> => {
  const { identityId, userId } = caller
  const rows = await platform.store.within({ identityId, userId }, (tx) => tx.send(listMissed({ identityId, userId, ...range, ...page }).compile(tx.db)))
  return rows.map(readEvent)
}
