import type { Bilingual } from '../../platform/text.ts'

export const WAYS = ['in_app', 'email', 'webhook'] as const
export type Way = (typeof WAYS)[number]
export type Ways = Record<Way, boolean>

/** What a line is made of: the summary that a person saw, if there is one. */
export type Facts = { summary: Bilingual | null }

export type Kind = {
  /** Names of events that make it. */
  events: string[]
  /** Whether an event with that name does; all by default. */
  only?: (data: Record<string, unknown>) => boolean
  to: 'deciders' | 'requester' | 'user'
  title: Bilingual
  /** When there is no summary. */
  otherwise: Bilingual
  /** What a person gets who chose nothing. */
  ways: Ways
}

const LOUD: Ways = { in_app: true, email: true, webhook: true }
const QUIET: Ways = { in_app: true, email: false, webhook: true }
const aCheckpoint: Bilingual = { en: 'A request that waited for approval.', fr: 'Une demande qui attendait une approbation.' }

/** Every kind of notification, by its name. */
export const KINDS = {
  'checkpoint.waiting': { events: ['checkpoint.created'], to: 'deciders', title: { en: 'Waiting for your approval', fr: 'En attente de votre approbation' }, otherwise: aCheckpoint, ways: LOUD },
  'checkpoint.expiring': { events: ['checkpoint.expiring'], to: 'deciders', title: { en: 'An approval is about to expire', fr: 'Une approbation va bientôt expirer' }, otherwise: aCheckpoint, ways: LOUD },
  'checkpoint.escalated': { events: ['checkpoint.escalated'], to: 'deciders', title: { en: 'A request was passed up to you', fr: 'Une demande vous a été transmise' }, otherwise: aCheckpoint, ways: LOUD },
  'checkpoint.approved': { events: ['checkpoint.approved'], to: 'requester', title: { en: 'Approved', fr: 'Approuvé' }, otherwise: aCheckpoint, ways: QUIET },
  'checkpoint.rejected': { events: ['checkpoint.rejected'], to: 'requester', title: { en: 'Rejected', fr: 'Refusé' }, otherwise: aCheckpoint, ways: QUIET },
  'checkpoint.expired': { events: ['checkpoint.expired'], to: 'requester', title: { en: 'Expired before anybody decided', fr: 'Expiré avant toute décision' }, otherwise: aCheckpoint, ways: LOUD },
  'checkpoint.cancelled': { events: ['checkpoint.cancelled'], to: 'requester', title: { en: 'Cancelled', fr: 'Annulé' }, otherwise: aCheckpoint, ways: QUIET },
  'agent.flooding': {
    events: ['checkpoint.flood'], to: 'requester', title: { en: 'An agent asked too much and is paused', fr: 'Un agent a trop demandé et est mis en pause' },
    otherwise: { en: 'It waits until you let it go on.', fr: 'Il attend que vous le laissiez reprendre.' }, ways: LOUD,
  },
  'identity.violation': {
    events: ['identity.violation'], to: 'user', title: { en: 'Something of another identity was asked for', fr: 'Un élément d’une autre identité a été demandé' },
    otherwise: { en: 'It was refused and recorded.', fr: 'La demande a été refusée et consignée.' }, ways: QUIET,
  },
  'session.reused': {
    events: ['session.revoked'], only: ({ because }) => because === 'token_reuse', to: 'user', title: { en: 'A session was ended: its token was used twice', fr: 'Une session a été fermée : son jeton a servi deux fois' },
    otherwise: { en: 'If that was not you, change your password.', fr: 'Si ce n’était pas vous, changez votre mot de passe.' }, ways: LOUD,
  },
  'webhook.disabled': {
    events: ['webhook.disabled'], only: ({ because }) => because === 'failures', to: 'user', title: { en: 'A webhook was disabled', fr: 'Un webhook a été désactivé' },
    otherwise: { en: 'Its receiver failed twenty times in a row.', fr: 'Son destinataire a échoué vingt fois de suite.' }, ways: LOUD,
  },
  'safeguard.alert': {
    events: ['safeguard.alert'], to: 'user', title: { en: 'The safeguard saw something', fr: 'Le garde-fou a vu quelque chose' },
    otherwise: { en: 'Something that could be misuse was counted under your identity. Look at its record.', fr: 'Quelque chose qui pourrait être un abus a été relevé sous votre identité. Consultez son registre.' }, ways: LOUD,
  },
} satisfies Record<string, Kind>

export type KindName = keyof typeof KINDS
export const KIND_NAMES = Object.keys(KINDS) as [KindName, ...KindName[]]

/** Names of events that a notification may come of: what the follower hears. */
export const HEARD = [...new Set(Object.values(KINDS).flatMap(({ events }) => events))]

/** The kind that an event makes; undefined for none. */
export function kindOf(name: string, data: Record<string, unknown>): KindName | undefined {
  return KIND_NAMES.find((kind) => {
    const { events, only }: Kind = KINDS[kind]
    return events.includes(name) && (only?.(data) ?? true)
  })
}

/** What a person wants of a kind: what they chose, else what it comes with. */
export const waysOf = (chosen: Partial<Record<string, Partial<Ways>>>, kind: KindName): Ways => ({ ...KINDS[kind].ways, ...chosen[kind] })
