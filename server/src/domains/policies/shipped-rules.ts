import { createHash } from 'node:crypto'
import type { Bilingual } from '../../platform/text.ts'

/** A rule that comes with the product; it is active in the instance's layer until the architect retires it. */
export type ShippedRule = { id: string; text: string; sentence: Bilingual; laws: string[] }

const PERSON_DIRECT = 'principal is Person && context.via == "rest"'
const ASKED = 'context has approval'

const held = (effect: string, unless: string): string => `@hold("${effect}")\nforbid (principal, action in Action::"${effect}", resource)\nunless { ${unless} };`

export const SHIPPED_RULES: readonly ShippedRule[] = [
  {
    id: 'reversible_within_identity', laws: ['L1'], text: 'permit (principal, action in [Action::"READ", Action::"CREATE", Action::"UPDATE"], resource);',
    sentence: { en: 'What can be undone within the identity runs without asking.', fr: 'Ce qui peut être annulé au sein de l’identité s’exécute sans demander.' },
  },
  {
    id: 'person_is_the_human', laws: ['L1'], text: `permit (principal is Person, action in [Action::"DELETE", Action::"SEND", Action::"EXECUTE"], resource)\nwhen { context.via == "rest" };`,
    sentence: { en: 'A person who acts on their own things is the human who would be asked.', fr: 'Une personne qui agit sur ce qui lui appartient est l’humain à qui l’on demanderait.' },
  },
  {
    id: 'approved', laws: ['L1'], text: `permit (principal, action, resource)\nwhen { ${ASKED} };`,
    sentence: { en: 'What a human has approved is done.', fr: 'Ce qu’un humain a approuvé est fait.' },
  },
  {
    id: 'standing_grant', laws: ['L1', 'L2'], text: 'permit (principal, action in [Action::"SEND", Action::"EXECUTE"], resource)\nwhen { context has grant };',
    sentence: { en: 'What a standing grant covers is done without asking again.', fr: 'Ce que couvre une autorisation permanente est fait sans redemander.' },
  },
  {
    id: 'hold_delete', laws: ['L1', 'L10'], text: held('DELETE', `(${PERSON_DIRECT}) || ${ASKED}`),
    sentence: { en: 'Nothing is deleted before a human has agreed.', fr: 'Rien n’est supprimé avant l’accord d’un humain.' },
  },
  {
    id: 'hold_send', laws: ['L1'], text: held('SEND', `(${PERSON_DIRECT}) || ${ASKED} || context has grant`),
    sentence: { en: 'Nothing leaves the house before a human has agreed.', fr: 'Rien ne sort avant l’accord d’un humain.' },
  },
  {
    id: 'hold_execute', laws: ['L1', 'L7'], text: held('EXECUTE', `(${PERSON_DIRECT}) || ${ASKED} || context has grant`),
    sentence: { en: 'No code, device or command runs before a human has agreed.', fr: 'Aucun code, appareil ou commande ne s’exécute avant l’accord d’un humain.' },
  },
  {
    id: 'hold_transfer', laws: ['L1', 'L9'], text: held('TRANSFER', ASKED),
    sentence: { en: 'A transfer waits for a human, also when a person asks for it.', fr: 'Un transfert attend un humain, même quand une personne le demande.' },
  },
  {
    id: 'hold_payment', laws: ['L1', 'L8'], text: held('PAYMENT', ASKED),
    sentence: { en: 'A payment waits for a human, also when a person asks for it.', fr: 'Un paiement attend un humain, même quand une personne le demande.' },
  },
  {
    id: 'hold_grant', laws: ['L1', 'L4'], text: held('GRANT', ASKED),
    sentence: { en: 'A change of rights or of rules waits for a human, also when a person asks for it.', fr: 'Un changement de droits ou de règles attend un humain, même quand une personne le demande.' },
  },
  {
    id: 'hold_irreversible', laws: ['L1'], text: `@hold("irreversible")\nforbid (principal, action in [Action::"READ", Action::"CREATE", Action::"UPDATE"], resource)\nwhen { !context.reversible }\nunless { context.via == "rest" || ${ASKED} };`,
    sentence: { en: 'What cannot be undone waits for a human when somebody else than the person does it.', fr: 'Ce qui ne peut être annulé attend un humain quand un autre que la personne le fait.' },
  },
  {
    id: 'untrusted_content', laws: ['L1', 'L3'], text: `@hold("untrusted")\nforbid (principal, action in [Action::"DELETE", Action::"SEND", Action::"TRANSFER", Action::"PAYMENT", Action::"GRANT", Action::"EXECUTE"], resource)\nunless { context.untrusted.isEmpty() || ${ASKED} };`,
    sentence: { en: 'What a text of strangers may have led to is always asked about; no standing grant covers it.', fr: 'Ce qu’un texte d’inconnus a pu provoquer est toujours demandé ; aucune autorisation permanente ne le couvre.' },
  },
  {
    id: 'export', laws: ['L1', 'L9'], text: `@hold("export")\nforbid (principal, action in [Action::"SEND", Action::"TRANSFER"], resource)\nwhen { context has recipients && context.recipients > 20 }\nunless { ${ASKED} };`,
    sentence: { en: 'What goes to more than twenty recipients waits for a human, also when a person sends it.', fr: 'Ce qui part vers plus de vingt destinataires attend un humain, même quand une personne l’envoie.' },
  },
  {
    id: 'budget', laws: ['L8'], text: `forbid (principal, action, resource)\nwhen { context has budget_left && context.budget_left <= 0 }\nunless { principal is Person || action in Action::"READ" };`,
    sentence: { en: 'Who works for a person does nothing but read once the budget is spent.', fr: 'Qui travaille pour une personne ne fait plus que lire une fois le budget épuisé.' },
  },
  {
    id: 'sphere_isolation', laws: ['L9'], text: `forbid (principal, action, resource)\nwhen { context.cross_sphere }\nunless { action in Action::"TRANSFER" || (${PERSON_DIRECT}) };`,
    sentence: { en: 'Who works in one sphere touches nothing of another.', fr: 'Qui travaille dans une sphère ne touche à rien d’une autre.' },
  },
  {
    id: 'identity_boundary', laws: ['L9'], text: 'forbid (principal, action, resource)\nunless { resource.owner == principal.identity };',
    sentence: { en: 'Nobody reaches into another identity.', fr: 'Personne n’atteint une autre identité.' },
  },
]

/** The row of a shipped rule: the same id on every instance. */
export const shippedId = (id: string): string => {
  const hex = createHash('sha256').update(`chenu rule ${id}`).digest('hex')
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-8${hex.slice(13, 16)}-8${hex.slice(17, 20)}-${hex.slice(20, 32)}`
}
