import type { EffectState } from '../contract.ts'

/** What can happen to an approved effect, whoever says so: the gate, the worker that carries it out of the house, its owner. */
export const EFFECT_EVENTS = ['intend', 'dispatch', 'put_back', 'confirm', 'fail', 'lose'] as const
export type EffectEvent = (typeof EFFECT_EVENTS)[number]

const LEADS_TO = { intend: 'intended', dispatch: 'dispatched', put_back: 'intended', confirm: 'confirmed', fail: 'failed', lose: 'unknown' } as const satisfies Record<EffectEvent, EffectState>

/**
 * From where each event may come. The whole machine:
 *
 *     null ──intend──▶ intended ──dispatch──▶ dispatched ──confirm──▶ confirmed
 *       │                 ▲ │                   │ │  │ └────fail────▶ failed
 *       │                 │ └──fail──▶ failed   │ │  └─────lose─────▶ unknown ──confirm──▶ confirmed
 *       │                 └──────put_back───────┘ │                       └─────fail─────▶ failed
 *       └──confirm / fail: what stays inside the database is settled in the commit of its approval
 *
 * `confirmed` and `failed` are final. `failed` is known not to have happened. From `unknown` nothing goes back to
 * `intended`: what may have happened is never tried again by itself.
 */
const COMES_FROM: Record<EffectEvent, ReadonlyArray<EffectState | null>> = {
  intend: [null],
  dispatch: ['intended'],
  put_back: ['dispatched'],
  confirm: [null, 'dispatched', 'unknown'],
  fail: [null, 'intended', 'dispatched', 'unknown'],
  lose: ['dispatched'],
}

/** The state after an event; undefined when the event cannot come in that state. */
export const nextEffectState = (from: EffectState | null, event: EffectEvent): EffectState | undefined => (COMES_FROM[event].includes(from) ? LEADS_TO[event] : undefined)

/** The same as a statement needs it: the states that the event may find, of an effect that has begun, and where it leads. */
export const effectMove = (event: EffectEvent): { from: EffectState[]; to: EffectState } => ({ from: COMES_FROM[event].filter((state) => state !== null), to: LEADS_TO[event] })
