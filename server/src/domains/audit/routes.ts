import { z } from 'zod'
import { page, toPage } from '../../platform/http/page.ts'
import { read, sessionRoute, write, type Route } from '../../platform/http/route.ts'
import type { Anchorer } from './anchors/anchorer.ts'
import { chainId, ORIGIN } from './anchors/checkpoint-line.ts'
import { proveConsistency, proveInclusion } from './anchors/prove.ts'
import { listAnchors } from './anchors/queries.ts'
import { Anchor, AuditEvent, ChainVerdict, ConsistencyInput, ConsistencyProof, ExportInput, InclusionProof, ListAnchors, ListAudit, ProofInput, SigningKey } from './contract.ts'
import { sendExport } from './export/send-export.ts'
import { listEvents, seqOf } from './list-events.ts'
import { Retention } from './retention/contract.ts'
import { findRetention } from './retention/queries.ts'
import type { setRetention } from './retention/set-retention.ts'
import { verifyChain } from './verify/verify-chain.ts'
import { walkAlone } from './verify/walk-alone.ts'

const tag = 'governance'

const proofs = ({ signer }: Anchorer): Route[] => [
  sessionRoute('GET /governance/audit/proof', {
    auditors: true, tag, summary: 'Prove that an event is in the chain’s tree', input: ProofInput, output: InclusionProof, problems: ['not_found', 'conflict'],
    run: (ctx, given) => walkAlone({ kind: 'prove', identityId: ctx.caller.identityId }, () => proveInclusion(ctx, given)),
  }),
  sessionRoute('GET /governance/audit/consistency', {
    auditors: true, tag, summary: 'Prove that an earlier tree of the chain is the beginning of a later one', input: ConsistencyInput, output: ConsistencyProof, problems: ['not_found', 'conflict'],
    run: (ctx, given) => walkAlone({ kind: 'prove', identityId: ctx.caller.identityId }, () => proveConsistency(ctx, given)),
  }),
  read('GET /governance/audit/anchors', {
    auditors: true, tag, summary: 'List the signed checkpoints of the chain, newest first', input: ListAnchors, output: page(Anchor),
    run: async ({ tx, db, identityId, platform: { cursors } }, q) => toPage(await tx.send(listAnchors(db, identityId, { before: seqOf(cursors, q.cursor), limit: q.limit })), {
      limit: q.limit, cursors, keyOf: ({ size }) => size, present: ({ line }) => JSON.parse(line) as z.input<typeof Anchor>,
    }),
  }),
  read('GET /governance/audit/key', {
    auditors: true, tag, summary: 'Get the public key that signs checkpoints, and the name of your chain in them', output: SigningKey,
    run: async ({ identityId }) => ({ key_id: signer.keyId, algorithm: 'Ed25519' as const, public_key: signer.publicKey, origin: ORIGIN, chain: chainId(identityId) }),
  }),
]

const chain = ({ signer }: Anchorer, retain: ReturnType<typeof setRetention>): Route[] => [
  write('PUT /governance/audit/retention', retain, { tag }),
  read('GET /governance/audit/retention', {
    tag, summary: 'Get how long the details of the record are kept', output: Retention,
    run: async ({ tx, db, identityId }) => ({ retention_days: (await tx.send(findRetention(db, identityId)))[0]?.retention_days ?? null }),
  }),
  read('GET /governance/audit', { auditors: true, tag, summary: 'List audit events, newest first', input: ListAudit, output: page(AuditEvent), run: listEvents }),
  sessionRoute('GET /governance/audit/verify', {
    auditors: true, tag, summary: 'Verify the whole chain of the identity and the checkpoints that were signed of it', output: ChainVerdict,
    run: ({ platform, caller: { identityId } }) => walkAlone({ kind: 'verify', identityId }, () => verifyChain(platform.store, identityId, { keys: [signer.publicKey] })),
  }),
  sessionRoute('GET /governance/audit/export', {
    auditors: true, tag, summary: 'Export the chain: JSON lines that verify offline, or CSV', input: ExportInput, output: z.string().describe('A header, one link a line, then checkpoints; or CSV'), media: ['application/x-ndjson', 'text/csv'],
    run: async (ctx, { format }, { reply }) => walkAlone({ kind: 'export', identityId: ctx.caller.identityId }, async () => {
      await sendExport(ctx, reply, { as: format, signer })
      return ''
    }),
  }),
]

export const auditRoutes = (anchorer: Anchorer, retain: ReturnType<typeof setRetention>): Route[] => [...chain(anchorer, retain), ...proofs(anchorer)]
