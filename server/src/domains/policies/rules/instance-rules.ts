import { instanceScene } from '../../audit/instance.ts'
import { record } from '../../audit/record.ts'
import type { Ctx } from '../../../platform/ctx.ts'
import type { Tx } from '../../../platform/db/store.ts'
import { emit } from '../../../platform/events/emit.ts'
import type { Engine } from '../engine/engine.ts'
import { RuleActivated, RuleDrafted, RuleRetired, RuleShadowed } from '../events.ts'
import type { RuleRow } from '../queries.ts'
import { activateRule, ensureActivable, retireRule, type Change } from './change-active.ts'
import { draftRule, draftVersion, shadowRule, type Layer, type Written } from './draft.ts'
import { readRule } from './read-rule.ts'

const ARCHITECT = 'architect'
const KINDS = { drafted: RuleDrafted, shadowed: RuleShadowed, activated: RuleActivated, retired: RuleRetired }

/** A change of the instance's rules by the architect, who has shown the seal: in force at once, and in the instance's chain. */
async function change(ctx: Ctx, what: keyof typeof KINDS, work: (tx: Tx, layer: Layer) => Promise<RuleRow>): Promise<RuleRow> {
  return ctx.platform.store.within({ service: 'policy' }, async (tx) => {
    const at = ctx.now()
    const row = await work(tx, { identityId: null, author: ARCHITECT, at })
    record(tx, instanceScene({ role: ARCHITECT, requestId: ctx.requestId, now: () => at }), {
      action: `rules.${what}`, outcome: 'done', effect: what === 'activated' || what === 'retired' ? 'GRANT' : 'UPDATE', resource: { type: 'rule', id: row.id }, details: { name: row.name, version: row.version },
    })
    emit({ ...tx, identityId: null, userId: null, now: () => at }, KINDS[what], { rule_id: row.rule_id, layer: row.layer, version: row.version })
    return row
  })
}

export const draftInstanceRule = ({ actions }: Engine, ctx: Ctx, given: Written & { name: string }): Promise<RuleRow> => change(ctx, 'drafted', (tx, layer) => draftRule(tx, actions, layer, given))

export const draftInstanceVersion = ({ actions }: Engine, ctx: Ctx, given: Written & { id: string }): Promise<RuleRow> => change(ctx, 'drafted', (tx, layer) => draftVersion(tx, actions, layer, given))

export const shadowInstanceRule = (ctx: Ctx, id: string): Promise<RuleRow> => change(ctx, 'shadowed', (tx, layer) => shadowRule(tx, layer, id))

export const activateInstanceRule = ({ actions }: Engine, ctx: Ctx, given: Change): Promise<RuleRow> => change(ctx, 'activated', async (tx, layer) => {
  const { next } = await ensureActivable(tx, null, given)
  readRule(next.text, actions.values())
  return activateRule(tx, layer, given)
})

export const retireInstanceRule = (ctx: Ctx, given: Change): Promise<RuleRow> => change(ctx, 'retired', (tx, layer) => retireRule(tx, layer, given))
