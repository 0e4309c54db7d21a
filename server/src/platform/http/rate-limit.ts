import type { FastifyReply, FastifyRequest } from 'fastify'
import { LRUCache } from 'lru-cache'
import { RateLimited } from '../problems.ts'
import type { Bucket } from './route.ts'

/** Requests of one key in a window of 60 s. Guessing of passwords and seals has limits of its own, kept in the database. */
export const LIMITS: Record<Bucket, number> = { read: 1_000, write: 300, auth: 60, seal: 60, health: 600, sceau: 10, swarm: 100 }
const WINDOW_MS = 60_000
const KEYS_MAX = 100_000

type Window = { count: number; endsAt: number }

/** Counts requests in fixed windows, on this node, with a bound on the number of keys. */
export function createRateLimiter(now: () => number) {
  const windows = new LRUCache<string, Window>({ max: KEYS_MAX })

  /** Takes one request out of the key's window, tells the client how it stands, or throws RateLimited. */
  return function take(bucket: Bucket, key: string, reply: FastifyReply): void {
    const at = now()
    const id = `${bucket} ${key}`
    const found = windows.get(id)
    // A clock that went back must not lock a key for longer than one window.
    const fresh = !found || found.endsAt <= at || found.endsAt - at > WINDOW_MS
    const window = fresh ? { count: 0, endsAt: at + WINDOW_MS } : found
    if (fresh) windows.set(id, window)
    window.count += 1
    const limit = LIMITS[bucket]
    const seconds = Math.max(1, Math.ceil((window.endsAt - at) / 1_000))
    reply.header('ratelimit-policy', `"${bucket}";q=${limit};w=${WINDOW_MS / 1_000}`)
    reply.header('ratelimit', `"${bucket}";r=${Math.max(0, limit - window.count)};t=${seconds}`)
    if (window.count > limit) throw RateLimited({ policy: bucket, retryAfterSeconds: seconds })
  }
}

/** The address a request counts under: IPv4 whole, IPv6 by its /64 (one customer holds at least that much). */
export function addressKey(request: Pick<FastifyRequest, 'ip'>): string {
  const { ip } = request
  if (!ip.includes(':')) return ip
  const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(ip)
  if (mapped?.[1]) return mapped[1]
  const [head = '', tail = ''] = ip.toLowerCase().split('::')
  const left = head.split(':').filter(Boolean)
  const right = tail.split(':').filter(Boolean)
  const groups = [...left, ...Array.from({ length: Math.max(0, 8 - left.length - right.length) }, () => '0'), ...right]
  return groups.slice(0, 4).join(':')
}
