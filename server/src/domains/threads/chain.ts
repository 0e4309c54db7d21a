import { canonical, sha256 } from '../../platform/canonical.ts'
import { GENESIS } from '../audit/chain.ts'

/** What an event says, before it has its number and the hash of the one before. */
export type Told = { thread_id: string; type: string; role: string; data: unknown; at: string }

/** One event of a thread's log, as it is stored and exported. */
export type ThreadLink = Told & { seq: number; prev_hash: string; hash: string }

/**
 * The canonical form (RFC 8785) of {at, data, prev_hash, role, seq, thread_id, type}, cut where the previous hash and the
 * number belong: only the row lock that orders the writers knows them, so PostgreSQL puts them in and hashes (queries.ts).
 */
export const linkParts = ({ thread_id, type, role, data, at }: Told): [string, string, string] => [
  `{"at":${canonical(at)},"data":${canonical(data)},"prev_hash":"`,
  `","role":${canonical(role)},"seq":`,
  `,"thread_id":${canonical(thread_id)},"type":${canonical(type)}}`,
]

/** SHA-256 of the canonical form of a link without its own hash. */
export function linkHash(link: Omit<ThreadLink, 'hash'>): string {
  const [beforeHash, beforeSeq, rest] = linkParts(link)
  return sha256(`${beforeHash}${link.prev_hash}${beforeSeq}${link.seq}${rest}`)
}

export type Head = { seq: number; hash: string }
export const START: Head = { seq: 0, hash: GENESIS }

export type Fault = { seq: number; because: 'missing' | 'reordered' | 'broken_link' | 'changed' | 'cut' }

/** The first fault of the next link after `head`; undefined when `head` may advance to it. */
export function faultOf(head: Head, link: ThreadLink): Fault | undefined {
  if (link.seq > head.seq + 1) return { seq: head.seq + 1, because: 'missing' }
  if (link.seq <= head.seq) return { seq: link.seq, because: 'reordered' }
  if (link.prev_hash !== head.hash) return { seq: link.seq, because: 'broken_link' }
  return linkHash(link) === link.hash ? undefined : { seq: link.seq, because: 'changed' }
}

/** Checks links one after the other from `head`: the head that they lead to, or the first fault. */
export function checkLinks(head: Head, links: ThreadLink[]): { head: Head; fault?: Fault } {
  let at = head
  for (const link of links) {
    const fault = faultOf(at, link)
    if (fault) return { head: at, fault }
    at = { seq: link.seq, hash: link.hash }
  }
  return { head: at }
}

/** A log that ends before or elsewhere than its thread says was cut. */
export const cutOf = (reached: Head, said: Head): Fault | undefined =>
  reached.seq === said.seq && reached.hash === said.hash ? undefined : { seq: reached.seq + 1, because: 'cut' }
