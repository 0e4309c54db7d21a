import type { Caller, Platform } from '../ctx.ts'
import type { CommittedEvent } from '../events/event.ts'
import { listMissed } from '../events/queries.ts'
import { readEvent } from '../events/read-event.ts'
import type { Relay } from '../events/relay.ts'
import { eventFrame } from './frames.ts'
import type { LiveLimits } from './limits.ts'
import { hearingChannel, sendPaced, type Peer } from './peer.ts'
import { ReplayTooOld } from './problems.ts'
import type { Roster } from './roster.ts'

type Given = { peer: Peer; caller: Caller; channel: string; since: number; platform: Platform; relay: Relay; roster: Roster; limits: LiveLimits; begin(upTo: number): void }

type Range = { channels: string[]; after: number; upTo: number }

/**
 * Subscribes to a channel and sends what was missed on it, oldest first; how many events that were. When it throws with
 * the socket left `replaying`, events were left aside for it that it never got: that socket must be closed.
 *
 * Why there is no gap and no duplicate between replay and live: live events of this socket are left aside from the moment
 * `frozenAt` = the number of the last event that this node handed on. (1) What the channel said between `since` and
 * `frozenAt` is read from the table, without what another subscription of the socket has sent already. (2) What all its
 * channels said after `frozenAt` is read from the table too, up to the last handed-on number, again and again until a
 * step finds both numbers equal; in that same step, before any other event can be handed on, the socket is live again.
 * Everything up to that number came from the table, everything after it comes live; numbers have no gaps (relay.ts).
 */
export async function replay(given: Given): Promise<number> {
  const { peer, channel, since, relay, roster, limits } = given
  // A client that heard more on another node than this one has handed on yet: catch up first.
  if (since > relay.lastSeq()) await relay.catchUp()
  if (since > relay.lastSeq()) throw ReplayTooOld({ limit: limits.replayEvents })
  await ensureBounded(given)
  const frozenAt = relay.lastSeq()
  const known = peer.subscriptions.get(channel) ?? frozenAt
  peer.replaying = true
  given.begin(frozenAt)
  const missed: Range = { channels: [channel], after: since, upTo: Math.min(known, frozenAt) }
  let sent = await sendRange(given, missed, (event) => (hearingChannel(peer, event, channel) === undefined ? channel : undefined))
  roster.subscribe(peer, channel, Math.min(since, known))
  for (let at = frozenAt; at < relay.lastSeq();) {
    const upTo = relay.lastSeq()
    sent += await sendRange(given, { channels: [...peer.subscriptions.keys()], after: at, upTo }, (event) => hearingChannel(peer, event))
    at = upTo
  }
  peer.replaying = false
  return sent
}

async function ensureBounded(given: Given): Promise<void> {
  const { channel, since, relay, limits } = given
  const range = { channels: [channel], after: since, upTo: relay.lastSeq() }
  const [beyond] = await read(given, range, { limit: 1, offset: limits.replayEvents })
  if (beyond) throw ReplayTooOld({ limit: limits.replayEvents })
}

async function sendRange(given: Given, range: Range, channelOf: (event: CommittedEvent) => string | undefined): Promise<number> {
  const { peer, limits } = given
  let sent = 0
  for (let { after } = range; after < range.upTo;) {
    const events = await read(given, { ...range, after }, { limit: limits.replayPage, offset: 0 })
    for (const event of events) {
      const channel = channelOf(event)
      if (channel === undefined) continue
      if (!await sendPaced(peer, eventFrame(event, channel), limits)) return sent
      sent += 1
    }
    after = events.length < limits.replayPage ? range.upTo : events.at(-1)?.seq ?? range.upTo
  }
  return sent
}

/** Reads under the identity's own scope: row-level security shows its own events, its account's and the instance's. */
const read = async ({ caller, platform }: Given, range: Range, page: { limit: number; offset: number }): Promise<CommittedEvent[]> => {
  const { identityId, userId } = caller
  const rows = await platform.store.within({ identityId, userId }, (tx) => tx.send(listMissed({ identityId, userId, ...range, ...page }).compile(tx.db)))
  return rows.map(readEvent)
}
