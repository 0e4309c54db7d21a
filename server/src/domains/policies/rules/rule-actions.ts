import { defineAction } from '../../../platform/action.ts'
import type { EffectTx } from '../../../platform/ctx.ts'
import { emit, type EventKind } from '../../../platform/events/emit.ts'
import { ChangeRule, CreateRule, ReviseRule, Rule, RuleKey } from '../contract.ts'
import type { Engine } from '../engine/engine.ts'
import { RuleActivated, RuleDrafted, RuleRetired, RuleShadowed } from '../events.ts'
import type { RuleRow } from '../queries.ts'
import type { Requirement } from '../requirement.ts'
import { activateRule, ensureActivable, ensureRetirable, retireRule } from './change-active.ts'
import { draftRule, draftVersion, shadowRule, type Layer } from './draft.ts'
import { presentRule } from './present.ts'
import { readRule } from './read-rule.ts'

const WORDS = { en: ['rule'], fr: ['règle'] }
const layerOf = (tx: EffectTx): Layer => ({ identityId: tx.identityId, author: tx.userId, at: tx.now() })
const touches = ({ rule_id }: { rule_id: string }) => [{ type: 'rule', id: rule_id }]
const about = ({ id }: { id: string }) => ({ type: 'rule', id })

function tell(tx: EffectTx, kind: EventKind<{ rule_id: string; layer: string; version: number }>, row: RuleRow) {
  emit(tx, kind, { rule_id: row.rule_id, layer: row.layer, version: row.version })
  return presentRule(row, 'en')
}

/** Throws where nobody at all could say yes to what a rule holds; governance, which knows the people, gives it. */
export type EnsureSomebody = (tx: EffectTx, requirement: Requirement) => Promise<void>

/** What the actions of rules need from outside. */
export type RuleMeans = { engine: Engine; ensureSomebody: EnsureSomebody }

/** An action that a rule speaks of may be gone since it was drafted, and people who should approve may have left. */
async function ensureStands(tx: EffectTx, { engine, ensureSomebody }: RuleMeans, text: string): Promise<void> {
  const { requirement } = readRule(text, engine.actions.values())
  if (requirement) await ensureSomebody(tx, requirement)
}

/** Writes a rule of the identity's own down as a draft. */
export const createRule = (means: RuleMeans) => defineAction({
  name: 'rules.create', effect: 'CREATE', keys: false, input: CreateRule, output: Rule, words: WORDS, sensitivity: 'sensitive', about,
  title: { en: 'Draft a rule', fr: 'Rédiger une règle' },
  summary: ({ name }) => ({ en: `Draft the rule “${name}”`, fr: `Rédiger la règle « ${name} »` }),
  check: (tx, { text }) => ensureStands(tx, means, text),
  run: async (tx, input) => tell(tx, RuleDrafted, await draftRule(tx, means.engine.actions, layerOf(tx), input)),
})

/** Writes a rule's next version down as a draft; the version in force stays until this one is activated. */
export const reviseRule = (means: RuleMeans) => defineAction({
  name: 'rules.revise', effect: 'CREATE', keys: false, input: ReviseRule, output: Rule, words: WORDS, sensitivity: 'sensitive', touches, about,
  title: { en: 'Draft a new version of a rule', fr: 'Rédiger une nouvelle version d’une règle' },
  summary: ({ rule_id }, titleOf) => ({ en: `Draft a new version of the rule “${titleOf(rule_id)}”`, fr: `Rédiger une nouvelle version de la règle « ${titleOf(rule_id)} »` }),
  check: (tx, { text }) => ensureStands(tx, means, text),
  run: async (tx, { rule_id, ...written }) => tell(tx, RuleDrafted, await draftVersion(tx, means.engine.actions, layerOf(tx), { id: rule_id, ...written })),
})

/** Lets a rule say what it would, without deciding. */
export const putInShadow = defineAction({
  name: 'rules.shadow', effect: 'UPDATE', keys: false, input: RuleKey, output: Rule, words: WORDS, sensitivity: 'sensitive', touches, about,
  title: { en: 'Put a rule in shadow', fr: 'Mettre une règle en observation' },
  summary: ({ rule_id }, titleOf) => ({ en: `Put the rule “${titleOf(rule_id)}” in shadow`, fr: `Mettre la règle « ${titleOf(rule_id)} » en observation` }),
  run: async (tx, { rule_id }) => tell(tx, RuleShadowed, await shadowRule(tx, layerOf(tx), rule_id)),
})

/** Puts a rule of the identity's own into force. */
export const activate = (means: RuleMeans) => defineAction({
  name: 'rules.activate', effect: 'GRANT', keys: false, input: ChangeRule, output: Rule, words: WORDS, sensitivity: 'restricted', touches, about,
  title: { en: 'Activate a rule', fr: 'Activer une règle' },
  summary: ({ rule_id, confirm_forbids_removed: gone = [] }, titleOf) => ({
    en: `Activate the rule “${titleOf(rule_id)}”${gone.length > 0 ? `, which takes away the prohibition ${gone.join(', ')}` : ''}`,
    fr: `Activer la règle « ${titleOf(rule_id)} »${gone.length > 0 ? `, ce qui retire l’interdiction ${gone.join(', ')}` : ''}`,
  }),
  async check(tx, { rule_id, confirm_forbids_removed }) {
    const { next } = await ensureActivable(tx, tx.identityId, { id: rule_id, confirm_forbids_removed })
    await ensureStands(tx, means, next.text)
  },
  run: async (tx, { rule_id, ...given }) => tell(tx, RuleActivated, await activateRule(tx, layerOf(tx), { id: rule_id, ...given })),
})

/** Takes a rule of the identity's own out of force. */
export const retire = defineAction({
  name: 'rules.retire', effect: 'GRANT', keys: false, input: ChangeRule, output: Rule, words: WORDS, sensitivity: 'restricted', touches, about,
  title: { en: 'Retire a rule', fr: 'Retirer une règle' },
  summary: ({ rule_id }, titleOf) => ({ en: `Retire the rule “${titleOf(rule_id)}”`, fr: `Retirer la règle « ${titleOf(rule_id)} »` }),
  check: (tx, { rule_id, confirm_forbids_removed }) => ensureRetirable(tx, tx.identityId, { id: rule_id, confirm_forbids_removed }),
  run: async (tx, { rule_id, ...given }) => tell(tx, RuleRetired, await retireRule(tx, layerOf(tx), { id: rule_id, ...given })),
})

export const ruleActions = (means: RuleMeans) => ({ createRule: createRule(means), reviseRule: reviseRule(means), putInShadow, activate: activate(means), retire })
