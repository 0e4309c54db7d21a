import type { z } from 'zod'
import type { ReadCtx } from '../../platform/ctx.ts'
import { toPage } from '../../platform/http/page.ts'
import { refuseMissing } from '../governance/refuse-missing.ts'
import type { ListThreadEvents } from './contract.ts'
import type { ThreadEventType } from './event-types.ts'
import { findThread, listEvents, type EventRow } from './queries.ts'

type Asked<Item> = z.output<typeof ListThreadEvents> & { type?: ThreadEventType; present: (row: EventRow) => Item }

/** A page of a thread's log. Throws NotFound or IdentityBoundary for a thread that is not the caller's own. */
export async function pageEvents<Item>(ctx: ReadCtx, { thread_id, type, order, limit, cursor, present }: Asked<Item>): Promise<{ items: Item[]; next_cursor: string | null }> {
  const from = ctx.platform.cursors.decode(cursor)
  const [thread, rows] = await Promise.all([
    findThread(ctx.db, ctx.identityId, thread_id),
    listEvents(ctx.db, ctx.identityId, thread_id, { order, from, limit, ...(type ? { type } : {}) }),
  ])
  if (!thread) await refuseMissing(ctx, { type: 'thread', id: thread_id })
  return toPage(rows, { limit, cursors: ctx.platform.cursors, keyOf: (row) => String(row.seq), present })
}
