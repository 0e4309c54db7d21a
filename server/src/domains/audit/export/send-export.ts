import { Readable } from 'node:stream'
import { finished } from 'node:stream/promises'
import type { FastifyReply } from 'fastify'
import type { CallerCtx } from '../../../platform/ctx.ts'
import type { Signer } from '../anchors/signer.ts'
import { exportChain } from './export-chain.ts'
import { exportCsv } from './export-csv.ts'
import { record } from '../record.ts'

/** How long a client may stop reading before the export is given up. */
const STALLED_MS = 30_000

export type ExportAs = 'jsonl' | 'csv'

const MEDIA = { jsonl: 'application/x-ndjson', csv: 'text/csv' }

/** Streams the caller's chain at the speed of its reader. The export is itself an event, written before the first line. */
export async function sendExport(ctx: CallerCtx, reply: FastifyReply, { as, signer }: { as: ExportAs; signer: Signer }): Promise<void> {
  const { platform, caller, requestId } = ctx
  await platform.store.within(caller, async (tx) => {
    record(tx, { ...caller, via: 'rest', requestId, now: ctx.now }, { action: 'audit.exported', outcome: 'done', effect: 'READ', resource: { type: 'audit', id: caller.identityId } })
  })
  const source = as === 'csv' ? exportCsv(platform.store, caller.identityId) : exportChain(platform.store, { identityId: caller.identityId, exportedAt: ctx.now(), signer })
  const lines = Readable.from(source, { highWaterMark: 1 })
  reply.raw.setTimeout(STALLED_MS, () => reply.raw.destroy())
  reply.type(`${MEDIA[as]}; charset=utf-8`).header('content-disposition', `attachment; filename="chenu-audit-${caller.identityId}.${as}"`)
  // Once lines are out, a failure can only cut the stream: the header names the number of links, so the cut shows.
  await finished(reply.send(lines).raw).catch(() => lines.destroy())
}
