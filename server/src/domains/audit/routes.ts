import { z } from 'zod'
import { page } from '../../platform/http/page.ts'
import { read, sessionRoute, type Route } from '../../platform/http/route.ts'
import { AuditEvent, ChainVerdict, ListAudit } from './contract.ts'
import { listEvents } from './list-events.ts'
import { sendExport } from './send-export.ts'
import { verifyChain } from './verify-chain.ts'
import { walkAlone } from './walk-alone.ts'

const tag = 'governance'

export const routes: Route[] = [
  read('GET /governance/audit', {
    tag, summary: 'List audit events, newest first', input: ListAudit, output: page(AuditEvent),
    run: listEvents,
  }),
  sessionRoute('GET /governance/audit/verify', {
    tag, summary: 'Verify the whole chain of the identity', output: ChainVerdict,
    run: ({ platform, caller: { identityId } }) => walkAlone({ kind: 'verify', identityId }, () => verifyChain(platform.store, identityId)),
  }),
  sessionRoute('GET /governance/audit/export', {
    tag, summary: 'Export the chain as JSON lines that verify offline', output: z.string().describe('A header, then one link a line'), media: 'application/x-ndjson',
    run: async (ctx, _input, { reply }) => walkAlone({ kind: 'export', identityId: ctx.caller.identityId }, async () => {
      await sendExport(ctx, reply)
      return ''
    }),
  }),
]
