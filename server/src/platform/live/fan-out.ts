import type { CommittedEvent } from '../events/event.ts'
import { newId } from '../ids.ts'
import { eventFrame } from './frames.ts'
import type { LiveLimits } from './limits.ts'
import { hearingChannel, mayHear, send, type Peer } from './peer.ts'
import type { Roster } from './roster.ts'

/** Hands one event to every socket that hears it; serialised once a channel, however many sockets there are. */
export function fanOut(roster: Roster, event: CommittedEvent, limits: LiveLimits): number {
  const frames = new Map<string, Buffer>()
  let sent = 0
  for (const peer of candidates(roster, event)) {
    if (peer.frozenAt !== null || !mayHear(peer, event)) continue
    const channel = hearingChannel(peer, event)
    if (channel === undefined) continue
    const frame = frames.get(channel) ?? eventFrame(event, channel)
    frames.set(channel, frame)
    if (send(peer, frame, limits)) sent += 1
  }
  return sent
}

/** An event of a user can reach that user's few sockets only; one of the instance reaches whoever hears its channels. */
function candidates(roster: Roster, { userId, channels }: CommittedEvent): Iterable<Peer> {
  if (userId !== null) return roster.ofUser(userId)
  const [first, ...others] = channels
  if (first === undefined) return []
  if (others.length === 0) return roster.ofChannel(first)
  return new Set(channels.flatMap((channel) => [...roster.ofChannel(channel)]))
}

/** Tells everyone on a channel something that is live only: it has no number and cannot be replayed. */
export function tellLive(roster: Roster, given: { channel: string; name: string; data: Record<string, unknown>; at: Date }, limits: LiveLimits): number {
  const frame = eventFrame({ id: newId(), seq: null, name: given.name, data: given.data, at: given.at }, given.channel)
  let sent = 0
  for (const peer of roster.ofChannel(given.channel)) if (send(peer, frame, limits)) sent += 1
  return sent
}
