import type { z } from 'zod'
import type { ReadCtx } from '../../platform/ctx.ts'
import { refuseMissing } from '../governance/refuse-missing.ts'
import { checkLinks, cutOf, START, type Fault } from './chain.ts'
import type { ThreadVerdict } from './contract.ts'
import { linkOf } from './present.ts'
import { findThread, listEvents } from './queries.ts'

const BATCH = 1_000

/** Reads a thread's log from its first event to the head that its row names, and checks every link. */
export async function verifyThread(ctx: ReadCtx, threadId: string): Promise<z.input<typeof ThreadVerdict>> {
  const thread = await findThread(ctx.db, ctx.identityId, threadId) ?? await refuseMissing(ctx, { type: 'thread', id: threadId })
  let head = START
  let fault: Fault | undefined
  for (let more = true; more && !fault;) {
    const rows = await listEvents(ctx.db, ctx.identityId, threadId, { order: 'asc', from: head.seq, limit: BATCH })
    // What is appended while this reads comes after the head that was read, and is the next check's.
    const links = rows.slice(0, BATCH).filter(({ seq }) => seq <= thread.last_seq).map(linkOf)
    const checked = checkLinks(head, links)
    head = checked.head
    fault = checked.fault
    more = links.length === BATCH
  }
  fault ??= cutOf(head, { seq: thread.last_seq, hash: thread.last_hash })
  return { valid: !fault, events: head.seq, head: head.hash, fault: fault ?? null }
}
