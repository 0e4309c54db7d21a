import type { FastifyReply, FastifyRequest } from 'fastify'
import { z } from 'zod'
import type { Ctx } from '../../../platform/ctx.ts'
import { publicRoute, type Route } from '../../../platform/http/route.ts'
import { ChangeRule, CreateRule, Replay, ReplayRule, ReviseRule, Rule, RuleKey } from '../../policies/contract.ts'
import { activateInstanceRule, draftInstanceRule, draftInstanceVersion, retireInstanceRule, shadowInstanceRule } from '../../policies/rules/instance-rules.ts'
import { replayRule } from '../../policies/rules/replay-rule.ts'
import { showRule } from '../../policies/show.ts'
import type { RuleRow } from '../../policies/queries.ts'
import type { Gate } from '../gate.ts'

/** Lets the architect pass; throws InvalidSeal or RateLimited. Made where the seal lives, and handed in. */
export type RequireSeal = (http: { request: FastifyRequest; reply: FastifyReply }) => Promise<void>

const sealed = { bucket: 'seal' as const, tag: 'governance', headers: z.object({ 'X-Architect-Seal': z.string() }) }
const PROBLEMS = ['invalid_seal', 'rate_limited', 'not_found', 'conflict', 'invalid_rule', 'forbids_removed']

/**
 * Rules of the instance bind everybody, so the seal and nothing else changes them: no session, no policy and no approval
 * stands for it. A change is in force when it is answered, and tells of itself in the instance's chain.
 */
export function instanceRoutes({ engine }: Gate, requireSeal: RequireSeal): Route[] {
  const change = <I extends z.ZodObject>(address: `POST /governance/instance/rules${string}`, summary: string, input: I, work: (ctx: Ctx, input: z.output<I>) => Promise<RuleRow>): Route =>
    publicRoute(address, {
      ...sealed, summary, input, output: Rule, problems: PROBLEMS,
      run: async (ctx, given, http) => {
        await requireSeal(http)
        return showRule(await work(ctx, given), ctx.language)
      },
    })
  return [
    change('POST /governance/instance/rules', 'Draft a rule of the instance', CreateRule, (ctx, given) => draftInstanceRule(engine, ctx, given)),
    change('POST /governance/instance/rules/:rule_id/versions', 'Draft a new version of a rule of the instance', ReviseRule, (ctx, { rule_id, ...given }) => draftInstanceVersion(engine, ctx, { id: rule_id, ...given })),
    change('POST /governance/instance/rules/:rule_id/shadow', 'Put a rule of the instance in shadow', RuleKey, (ctx, { rule_id }) => shadowInstanceRule(ctx, rule_id)),
    change('POST /governance/instance/rules/:rule_id/activate', 'Activate a rule of the instance: it binds everybody once this has answered', ChangeRule, (ctx, { rule_id, ...given }) => activateInstanceRule(engine, ctx, { id: rule_id, ...given })),
    change('POST /governance/instance/rules/:rule_id/retire', 'Retire a rule of the instance', ChangeRule, (ctx, { rule_id, ...given }) => retireInstanceRule(ctx, { id: rule_id, ...given })),
    publicRoute('POST /governance/instance/rules/:rule_id/replay', {
      ...sealed, summary: 'Try a rule of the instance on the last decisions', input: ReplayRule, output: Replay, problems: PROBLEMS,
      run: async (ctx: Ctx, { rule_id, last }, http) => {
        await requireSeal(http)
        return ctx.platform.store.within({ service: 'policy' }, (tx) => replayRule(engine, tx, { identityId: null, id: rule_id, last }))
      },
    }),
  ]
}
