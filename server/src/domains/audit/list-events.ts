import type { z } from 'zod'
import type { ReadCtx } from '../../platform/ctx.ts'
import { toPage, type Cursors } from '../../platform/http/page.ts'
import { MalformedRequest } from '../../platform/problems.ts'
import type { AuditEvent, ListAudit } from './contract.ts'
import { openEvents } from './details/open-events.ts'
import { presentAudit } from './present.ts'
import { listAudit } from './queries.ts'

const dateOf = (time: string | undefined): Date | undefined => (time === undefined ? undefined : new Date(time))

/** The number that a cursor of these lists carries; a cursor of another list is refused like a made-up one. */
export function seqOf(cursors: Cursors, cursor: string | undefined): string | undefined {
  const seq = cursors.decode(cursor)
  if (seq !== undefined && !/^\d{1,18}$/.test(seq)) throw MalformedRequest({ en: 'That cursor belongs to another list.', fr: 'Ce curseur appartient à une autre liste.' })
  return seq
}

/** Events of the caller's identity, newest first, their details opened. */
export async function listEvents({ tx, db, identityId, platform: { cursors } }: ReadCtx, q: z.output<typeof ListAudit>): Promise<{ items: Array<z.output<typeof AuditEvent>>; next_cursor: string | null }> {
  const rows = await tx.send(listAudit(db, identityId, {
    action: q.action, resourceType: q.resource_type, resourceId: q.resource_id, agent: q.agent, outcome: q.outcome,
    from: dateOf(q.from), to: dateOf(q.to), before: seqOf(cursors, q.cursor), limit: q.limit,
  }))
  const bodies = rows.map(({ body }) => JSON.parse(body) as object)
  const opened = await openEvents(tx, identityId, bodies)
  const read = rows.map((row, at) => ({ row, body: bodies[at] ?? {}, opened: opened[at] ?? null }))
  return toPage(read, { limit: q.limit, cursors, keyOf: ({ row }) => row.seq, present: (one) => presentAudit(one.row, one.body, one.opened) })
}
