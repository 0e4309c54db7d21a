import { z } from 'zod'
import { MalformedRequest } from '../../platform/problems.ts'
import { page, toPage, type Cursors } from '../../platform/http/page.ts'
import { read, sessionRoute, type Route } from '../../platform/http/route.ts'
import { AuditEvent, ChainVerdict, ListAudit } from './contract.ts'
import { presentAudit } from './present.ts'
import { listAudit } from './queries.ts'
import { sendExport } from './send-export.ts'
import { verifyChain } from './verify-chain.ts'
import { walkAlone } from './walk-alone.ts'

const tag = 'governance'

const dateOf = (time: string | undefined): Date | undefined => (time === undefined ? undefined : new Date(time))

/** The number that a cursor of this list carries; a cursor of another list is refused like a made-up one. */
function seqOf(cursors: Cursors, cursor: string | undefined): string | undefined {
  const seq = cursors.decode(cursor)
  if (seq !== undefined && !/^\d{1,18}$/.test(seq)) throw MalformedRequest({ en: 'That cursor belongs to another list.', fr: 'Ce curseur appartient à une autre liste.' })
  return seq
}

export const routes: Route[] = [
  read('GET /governance/audit', {
    auditors: true, tag, summary: 'List audit events, newest first', input: ListAudit, output: page(AuditEvent),
    run: async ({ db, identityId, platform: { cursors } }, q) => toPage(
      await listAudit(db, identityId, {
        action: q.action, resourceType: q.resource_type, resourceId: q.resource_id, agent: q.agent, outcome: q.outcome,
        from: dateOf(q.from), to: dateOf(q.to), before: seqOf(cursors, q.cursor), limit: q.limit,
      }).execute(),
      { limit: q.limit, cursors, keyOf: (row) => row.seq, present: presentAudit },
    ),
  }),
  sessionRoute('GET /governance/audit/verify', {
    auditors: true, tag, summary: 'Verify the whole chain of the identity', output: ChainVerdict,
    run: ({ platform, caller: { identityId } }) => walkAlone({ kind: 'verify', identityId }, () => verifyChain(platform.store, identityId)),
  }),
  sessionRoute('GET /governance/audit/export', {
    auditors: true, tag, summary: 'Export the chain as JSON lines that verify offline', output: z.string().describe('A header, then one link a line'), media: 'application/x-ndjson',
    run: async (ctx, _input, { reply }) => walkAlone({ kind: 'export', identityId: ctx.caller.identityId }, async () => {
      await sendExport(ctx, reply)
      return ''
    }),
  }),
]
