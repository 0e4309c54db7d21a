import { Readable } from 'node:stream'
import { finished } from 'node:stream/promises'
import type { FastifyReply } from 'fastify'
import type { CallerCtx } from '../../platform/ctx.ts'
import { exportChain } from './export-chain.ts'
import { record } from './record.ts'

/** How long a client may stop reading before the export is given up. */
const STALLED_MS = 30_000

/** Streams the caller's chain at the speed of its reader. The export is itself an event, written before the first line. */
export async function sendExport(ctx: CallerCtx, reply: FastifyReply): Promise<void> {
  const { platform, caller, requestId } = ctx
  await platform.store.within(caller, async (tx) => {
    record(tx, { ...caller, via: 'rest', requestId, now: ctx.now }, { action: 'audit.exported', outcome: 'done', effect: 'READ', resource: { type: 'audit', id: caller.identityId } })
  })
  const lines = Readable.from(exportChain(platform.store, caller.identityId, ctx.now()), { highWaterMark: 1 })
  reply.raw.setTimeout(STALLED_MS, () => reply.raw.destroy())
  reply.type('application/x-ndjson; charset=utf-8').header('content-disposition', `attachment; filename="chenu-audit-${caller.identityId}.jsonl"`)
  // Once lines are out, a failure can only cut the stream: the header names the number of links, so the cut shows.
  await finished(reply.send(lines).raw).catch(() => lines.destroy())
}
