import type { Clock } from './clock.ts'
import type { Cursors } from './http/page.ts'
import type { Store, Tx } from './db/store.ts'
import type { IdentityId, SessionId, UserId } from './ids.ts'
import type { Log } from './log.ts'
import type { Secrets } from './secrets.ts'
import type { Settings } from './settings.ts'
import type { Language } from './text.ts'

/** What every part of the server stands on; built once in app.ts. */
export type Platform = { settings: Settings; secrets: Secrets; clock: Clock; log: Log; store: Store; cursors: Cursors }

export const ACTOR_KINDS = ['person', 'nova', 'agent', 'automation', 'api_key', 'system'] as const

/** Who acts: the person, or something that works for them. */
export type Actor = { kind: (typeof ACTOR_KINDS)[number]; id: string }

/** What a session has shown of its person beyond the password. */
export type Proof = {
  /** The person has a second factor, so that what asks for one waits for it. */
  factorSet: boolean
  /** When it was last given in this session; null for never. */
  provedAt: Date | null
}

/** A session of a person without a second factor. */
export const NO_PROOF: Proof = { factorSet: false, provedAt: null }

/** What an API key may do, when one was shown instead of a sign-in. */
export type KeyRights = {
  id: string
  /** Names of actions, `notes.*`, `notes.read`, or `read` for every read. */
  scopes: readonly string[]
}

/** On whose behalf, under which identity and in which live session. */
export type Caller = {
  userId: UserId
  identityId: IdentityId
  sessionId: SessionId
  actor: Actor
  proof: Proof
  /** Set when an API key asks: its holder is no person. */
  key?: KeyRights | undefined
  /** The spheres whose rows the caller may see and change; null or left out for all. The database holds to it too. */
  spheres?: readonly number[] | null | undefined
  /** The identity is another person's of an organisation whose record the caller may read; nothing else. */
  auditor?: true | undefined
}

/** How a call came to the gate: a person over REST, or one of those who work for a person. */
export type Via = 'rest' | 'nova' | 'agent' | 'automation' | 'api_key'

/** One request. */
export type Ctx = { platform: Platform; requestId: string; language: Language; now(): Date }

/** A request of a signed-in person. */
export type CallerCtx = Ctx & { caller: Caller }

/** A read inside a transaction that is scoped to the caller's identity. */
export type ReadCtx = CallerCtx & { tx: Tx; db: Tx['db']; identityId: IdentityId }

/** The transaction in which an effect happens: the record and the effect are one commit. */
export type EffectTx = Tx & {
  identityId: IdentityId
  userId: UserId
  actor: Actor
  via: Via
  /** The sphere in which the call works; null when it names none. */
  sphereId: number | null
  /** The checkpoint whose approval is being spent; null when none was needed. */
  checkpointId: string | null
  requestId: string
  settings: Settings
  now(): Date
}
