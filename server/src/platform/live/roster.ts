import type { UserId } from '../ids.ts'
import type { Peer } from './peer.ts'

/** The sockets of this node, found by user and by channel. */
export type Roster = ReturnType<typeof createRoster>

export function createRoster() {
  const peers = new Set<Peer>()
  const byUser = new Map<string, Set<Peer>>()
  const byChannel = new Map<string, Set<Peer>>()
  const byAddress = new Map<string, number>()

  const put = (index: Map<string, Set<Peer>>, key: string, peer: Peer): void => {
    const set = index.get(key) ?? new Set()
    index.set(key, set.add(peer))
  }
  const take = (index: Map<string, Set<Peer>>, key: string, peer: Peer): void => {
    const set = index.get(key)
    if (set?.delete(peer) && set.size === 0) index.delete(key)
  }

  return {
    peers,
    add(peer: Peer): void {
      peers.add(peer)
      byAddress.set(peer.address, (byAddress.get(peer.address) ?? 0) + 1)
    },
    /** Files an admitted peer under its user. */
    admit(peer: Peer, userId: UserId): void { put(byUser, userId, peer) },
    subscribe(peer: Peer, channel: string, from: number): void {
      peer.subscriptions.set(channel, from)
      put(byChannel, channel, peer)
    },
    unsubscribe(peer: Peer, channel: string): void {
      peer.subscriptions.delete(channel)
      take(byChannel, channel, peer)
    },
    remove(peer: Peer): void {
      if (!peers.delete(peer)) return
      const left = (byAddress.get(peer.address) ?? 1) - 1
      if (left > 0) byAddress.set(peer.address, left)
      else byAddress.delete(peer.address)
      if (peer.admitted) take(byUser, peer.admitted.caller.userId, peer)
      for (const channel of peer.subscriptions.keys()) take(byChannel, channel, peer)
    },
    ofUser: (userId: UserId): ReadonlySet<Peer> => byUser.get(userId) ?? NOBODY,
    ofChannel: (channel: string): ReadonlySet<Peer> => byChannel.get(channel) ?? NOBODY,
    ofAddress: (address: string): number => byAddress.get(address) ?? 0,
    counts: () => ({
      connections: peers.size, users: byUser.size, channels: byChannel.size,
      subscriptions: [...byChannel.values()].reduce((sum, set) => sum + set.size, 0),
    }),
  }
}

const NOBODY: ReadonlySet<Peer> = new Set()
