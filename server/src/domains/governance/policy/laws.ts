import type { Bilingual } from '../../../platform/text.ts'

/** What keeps a law or a rule: a policy in writing, or a check in code with the file where it stands. */
export type Keeper = { by: 'policy'; id: string } | { by: 'guard'; id: string; file: string }
export type Law = { id: string; title: Bilingual; sentence: Bilingual; strength: 'strict' | 'standard'; keepers: Keeper[] }
export type SourceRule = { id: string; sentence: Bilingual; laws: string[]; keepers: Keeper[] }

const policy = (id: string): Keeper => ({ by: 'policy', id })
const guard = (id: string, file: string): Keeper => ({ by: 'guard', id, file: `server/src/${file}` })

const FLOOR = guard('floor', 'domains/policies/engine/floor.ts')
const BOUNDARY = guard('boundary', 'domains/governance/perform.ts')

/** The ten laws of governance, and what keeps each. */
export const LAWS: readonly Law[] = [
  {
    id: 'L1', strength: 'strict', title: { en: 'Consent primacy', fr: 'Primauté du consentement' },
    sentence: { en: 'Nothing that destroys, leaves, costs or gives rights happens before a human has said yes.', fr: 'Rien qui détruit, sort, coûte ou donne des droits n’arrive avant qu’un humain ait dit oui.' },
    keepers: [policy('hold_delete'), policy('hold_send'), policy('hold_execute'), policy('hold_transfer'), policy('hold_payment'), policy('hold_grant'), policy('hold_irreversible'), policy('untrusted_content'), FLOOR],
  },
  {
    id: 'L2', strength: 'strict', title: { en: 'Temporal sovereignty', fr: 'Souveraineté temporelle' },
    sentence: { en: 'Every consent has an end: an approval expires, a grant lasts at most ninety days, both can be taken back.', fr: 'Tout consentement a une fin : une approbation expire, une autorisation dure au plus quatre-vingt-dix jours, les deux se reprennent.' },
    keepers: [guard('expiry', 'domains/governance/checkpoints/expire-checkpoints.ts'), guard('grant_end', 'domains/policies/grants/grant-actions.ts')],
  },
  {
    id: 'L3', strength: 'strict', title: { en: 'Contextual fidelity', fr: 'Fidélité au contexte' },
    sentence: { en: 'What is done is exactly what was shown: one changed byte needs a new approval.', fr: 'Ce qui est fait est exactement ce qui a été montré : un octet changé exige une nouvelle approbation.' },
    keepers: [guard('action_hash', 'domains/governance/action-hash.ts'), guard('spend', 'domains/governance/checkpoints/spend.ts'), policy('untrusted_content')],
  },
  {
    id: 'L4', strength: 'standard', title: { en: 'Hierarchical respect', fr: 'Respect de la hiérarchie' },
    sentence: { en: 'The instance’s rules bind everybody and change by the seal alone; nobody’s own rules ask for less.', fr: 'Les règles de l’instance lient tout le monde et ne changent que par le sceau ; les règles de chacun n’exigent jamais moins.' },
    keepers: [guard('seal', 'domains/governance/policy/instance-routes.ts'), policy('hold_grant'), FLOOR],
  },
  {
    id: 'L5', strength: 'strict', title: { en: 'Audit completeness', fr: 'Intégrité de l’audit' },
    sentence: { en: 'Every effect and every refusal stands in the record, in the commit of what it tells.', fr: 'Tout effet et tout refus figure au registre, dans la validation de ce qu’il raconte.' },
    keepers: [guard('record', 'domains/audit/record.ts'), guard('refusals', 'domains/governance/refusals.ts')],
  },
  {
    id: 'L6', strength: 'standard', title: { en: 'Encoding transparency', fr: 'Transparence de l’encodage' },
    sentence: { en: 'How Nova understood a request is shown with its run.', fr: 'La façon dont Nova a compris une demande est montrée avec son exécution.' },
    keepers: [guard('encoding', 'domains/nova/begin-run.ts')],
  },
  {
    id: 'L7', strength: 'strict', title: { en: 'Agent non-autonomy', fr: 'Non-autonomie des agents' },
    sentence: { en: 'No agent decides for itself, and none approves: a decision is a person’s.', fr: 'Aucun agent ne décide pour lui-même et aucun n’approuve : la décision appartient à une personne.' },
    keepers: [guard('decisions', 'domains/governance/checkpoints/decide-checkpoint.ts'), policy('hold_execute'), FLOOR],
  },
  {
    id: 'L8', strength: 'strict', title: { en: 'Budget accountability', fr: 'Responsabilité budgétaire' },
    sentence: { en: 'Who works for a person spends no more than that person has allowed.', fr: 'Qui travaille pour une personne ne dépense pas plus que ce qu’elle a permis.' },
    keepers: [policy('budget'), policy('hold_payment'), guard('run_limits', 'domains/nova/conversation/limits.ts')],
  },
  {
    id: 'L9', strength: 'strict', title: { en: 'Cross-sphere isolation', fr: 'Isolement des sphères' },
    sentence: { en: 'Spheres and identities stay apart; only a transfer that a human approved crosses.', fr: 'Les sphères et les identités restent séparées ; seul un transfert approuvé par un humain les traverse.' },
    keepers: [policy('sphere_isolation'), policy('identity_boundary'), policy('hold_transfer'), BOUNDARY],
  },
  {
    id: 'L10', strength: 'strict', title: { en: 'Deletion completeness', fr: 'Intégralité de l’effacement' },
    sentence: { en: 'What is deleted waits in the bin for its owner, then is gone for good.', fr: 'Ce qui est supprimé attend son propriétaire dans la corbeille, puis disparaît pour de bon.' },
    keepers: [policy('hold_delete'), guard('purge', 'domains/bin/empty-bin.ts')],
  },
]

/** The rules that the sources name, and what keeps each. */
export const SOURCE_RULES: readonly SourceRule[] = [
  {
    id: 'identity_boundary', laws: ['L9'], sentence: { en: 'A row of another identity is refused and recorded, and its content never shown.', fr: 'Une ligne d’une autre identité est refusée et consignée, et son contenu jamais montré.' },
    keepers: [policy('identity_boundary'), BOUNDARY, guard('row_security', 'platform/db/store.ts')],
  },
  {
    id: 'sphere_isolation', laws: ['L9'], sentence: { en: 'Who works in one sphere touches nothing of another.', fr: 'Qui travaille dans une sphère ne touche à rien d’une autre.' },
    keepers: [policy('sphere_isolation'), policy('hold_transfer')],
  },
  { id: 'budget', laws: ['L8'], sentence: { en: 'No overspending.', fr: 'Aucun dépassement.' }, keepers: [policy('budget'), guard('run_limits', 'domains/nova/conversation/limits.ts')] },
  { id: 'destructive', laws: ['L1', 'L10'], sentence: { en: 'What destroys or cannot be undone waits for a human.', fr: 'Ce qui détruit ou ne peut être annulé attend un humain.' }, keepers: [policy('hold_delete'), policy('hold_irreversible'), FLOOR] },
  { id: 'external_communication', laws: ['L1'], sentence: { en: 'What leaves the house waits for a human.', fr: 'Ce qui sort de la maison attend un humain.' }, keepers: [policy('hold_send'), policy('untrusted_content'), FLOOR] },
  { id: 'export', laws: ['L1', 'L9'], sentence: { en: 'What goes to many waits for a human; an export of the record is itself recorded.', fr: 'Ce qui part vers beaucoup attend un humain ; un export du registre est lui-même consigné.' }, keepers: [policy('export'), guard('audit_export', 'domains/audit/export/send-export.ts')] },
  { id: 'rate', laws: ['L7'], sentence: { en: 'Nobody floods the house: too many requests are refused for a while.', fr: 'Nul n’inonde la maison : trop de requêtes sont refusées un temps.' }, keepers: [guard('rate_limit', 'platform/http/rate-limit.ts')] },
]
