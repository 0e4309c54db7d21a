import { canonical } from '../../platform/canonical.ts'
import type { Store } from '../../platform/db/store.ts'
import type { IdentityId } from '../../platform/ids.ts'
import { GENESIS, linkHash, type Link } from './chain.ts'
import { openEvents, type Opened } from './details/open-events.ts'
import { headerLine, linkLine } from './export/export-format.ts'

export const IDENTITY = '0190a0b0-0000-7000-8000-00000000000a'

/** A chain of `length` links that holds. */
export function buildChain(length: number, of: { identityId?: string; details?: Record<string, string> } = {}): Link[] {
  const { identityId = IDENTITY, details = {} } = of
  const links: Link[] = []
  for (let seq = 1; seq <= length; seq += 1) {
    const event = canonical({
      id: `0190a0b0-0000-7000-8000-${String(seq).padStart(12, '0')}`, identity_id: identityId, at: '2026-01-02T03:04:05.678Z', action: 'notes.create', outcome: 'done',
      actor: { kind: 'person', id: identityId }, resource: { type: 'note', id: String(seq) }, details,
    })
    const prev = links.at(-1)?.hash ?? GENESIS
    links.push({ seq, event, prev_hash: prev, hash: linkHash(event, prev, seq) })
  }
  return links
}

/** The export of a chain, as lines without their ends. */
export function exportOf(links: Link[], of: { events?: number; head?: string; identityId?: string } = {}): string[] {
  const header = { format: 'chenu.audit.v1' as const, identity_id: of.identityId ?? IDENTITY, exported_at: '2026-01-02T04:00:00.000Z', events: of.events ?? links.length, head: of.head ?? links.at(-1)?.hash ?? GENESIS }
  return [headerLine(header), ...links.map((link) => linkLine(link))].map((line) => line.slice(0, -1))
}

/** Items one after the other, as a stream gives them. */
export async function* streamOf<T>(items: Iterable<T>): AsyncGenerator<T> { yield* items }

/** Bodies as a test reads them: their details opened, as their owner reads them. */
export async function openBodies<Body extends Record<string, unknown>>(store: Store, identityId: string, bodies: string[]): Promise<Array<Body & { details: Opened['details']; salts: Opened['salts'] }>> {
  const read = bodies.map((body) => JSON.parse(body) as Body)
  const opened = await store.within({ identityId: identityId as IdentityId }, (tx) => openEvents(tx, identityId as IdentityId, read))
  return read.map((body, at) => ({ ...body, details: opened[at]?.details ?? {}, salts: opened[at]?.salts ?? {} }))
}
