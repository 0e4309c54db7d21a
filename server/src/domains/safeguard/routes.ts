import { z } from 'zod'
import type { Ctx, Platform } from '../../platform/ctx.ts'
import { emit } from '../../platform/events/emit.ts'
import { page, pageInput, toPage } from '../../platform/http/page.ts'
import { publicRoute, type Route } from '../../platform/http/route.ts'
import { newId } from '../../platform/ids.ts'
import { requireOperator } from '../atom/require-seal.ts'
import { createWrongSeals } from '../atom/wrong-seals.ts'
import { instanceScene } from '../audit/instance.ts'
import { record } from '../audit/record.ts'
import { harmonyOf, readFleet } from '../swarm/fleet.ts'
import { FrequencySpoofed } from '../swarm/events.ts'
import { SceauHeader } from '../swarm/contract.ts'
import { requireSceau } from '../swarm/sceau/require-sceau.ts'
import { Reset, ResetDone, SecurityStatus, SignatureVerdict, VerifySignature, Violation } from './contract.ts'
import { SafeguardChanged } from './events.ts'
import { presentViolation } from './present.ts'
import { countAnswers, listAnswers, lockSafeguard, readSafeguard, resetSafeguard } from './queries.ts'
import { verifySignature } from './verify-signature.ts'

const swarm = { tag: 'safeguard', bucket: 'swarm', headers: SceauHeader } as const
const operated = { tag: 'safeguard', bucket: 'seal', headers: z.object({ 'X-Operator-Key': z.string() }) } as const

export function safeguardRoutes(platform: Platform): Route[] {
  const wrongKeys = createWrongSeals(platform, 'atom.operator_refused')
  return [
    publicRoute('GET /security/status', {
      ...swarm, problems: ['sceau_required'], summary: 'The state of the safeguard', output: SecurityStatus,
      run: async (ctx: Ctx, _input, { request }) => {
        await requireSceau(platform, request.raw)
        const [[state], [count]] = await platform.store.within({ service: 'safeguard' }, async (tx) => {
          const read = await tx.send(readSafeguard(tx.db))
          return [read, await tx.send(countAnswers(tx.db, read[0]?.counted_from ?? new Date(0)))] as const
        })
        const { frequency } = await readFleet(platform)
        return { state: state?.state as 'nominal', score: state?.score ?? 1, frequency, violations: Number(count?.count ?? 0), since: (state?.since ?? ctx.now()).toISOString(), last_check: (state?.checked_at ?? ctx.now()).toISOString() }
      },
    }),
    publicRoute('POST /security/verify', {
      ...swarm, problems: ['sceau_required'], summary: 'Whether a claim about a touch of the Sceau agrees with what the server measured', input: VerifySignature, output: SignatureVerdict,
      run: async (ctx: Ctx, { signature }, { request }) => {
        const sceau = await requireSceau(platform, request.raw)
        const harmony = harmonyOf((await readFleet(platform)).members)
        const { valid, confidence, spoofed } = verifySignature(
          { timestamp: new Date(signature.timestamp), frequency: signature.frequency, durationMs: signature.duration_ms, harmonyLevel: signature.harmony_level },
          { validatedAt: sceau.validated_at ?? ctx.now(), durationMs: sceau.duration_ms ?? 0, frequency: sceau.frequency ?? 0, harmony },
        )
        if (spoofed) await platform.store.within({ service: 'safeguard' }, async (tx) => { emit({ ...tx, identityId: null, userId: null, now: () => ctx.now() }, FrequencySpoofed, { count: 1 }) })
        return { valid, harmony, confidence }
      },
    }),
    publicRoute('GET /security/violations', {
      ...operated, problems: ['invalid_operator_key', 'rate_limited'], summary: 'What the safeguard saw and answered, newest first; names nobody', input: z.strictObject(pageInput), output: page(Violation),
      run: async (_ctx: Ctx, q, http) => {
        await requireOperator(platform, wrongKeys, http)
        const rows = await platform.store.within({ service: 'safeguard' }, (tx) => tx.send(listAnswers(tx.db, { before: platform.cursors.decode(q.cursor), limit: q.limit })))
        return toPage(rows, { limit: q.limit, cursors: platform.cursors, keyOf: (row) => row.id, present: presentViolation })
      },
    }),
    publicRoute('POST /security/reset', {
      ...operated, problems: ['invalid_operator_key', 'rate_limited'], summary: 'Back to nominal, by hand; agents that were dispersed stay so until they are revived', input: Reset, output: ResetDone,
      run: async (ctx: Ctx, { reason }, http) => {
        const by = await requireOperator(platform, wrongKeys, http)
        const at = ctx.now()
        await platform.store.within({ service: 'safeguard' }, async (tx) => {
          const { state } = await lockSafeguard(tx.db).executeTakeFirstOrThrow()
          await tx.send(resetSafeguard(tx.db, { by, reason, at }))
          if (state !== 'nominal') emit({ ...tx, identityId: null, userId: null, now: () => at }, SafeguardChanged, { state: 'nominal', from: state, score: 1, by })
          record(tx, instanceScene({ role: by, requestId: ctx.requestId || newId(), now: () => at }), { action: 'safeguard.reset', outcome: 'done', details: { from: state, reason } })
        })
        return { state: 'nominal' as const, since: at.toISOString() }
      },
    }),
  ]
}
