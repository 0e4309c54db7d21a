import type { OidcProvider } from '../../adapters/oidc/oidc-provider.ts'
import type { Caller, EffectTx, Platform } from '../../platform/ctx.ts'
import type { IdentityId, UserId } from '../../platform/ids.ts'
import type { Language } from '../../platform/text.ts'
import type { AuditScene } from '../audit/record.ts'
import type { Vault } from './factors/vault.ts'
import type { Letters } from './letters/letters.ts'
import type { AccessTokens } from './sessions/access-token.ts'
import type { Passwords } from './passwords/hash-password.ts'
import type { LiveSessions } from './sessions/live-sessions.ts'
import type { Throttle } from './throttle.ts'

/** The front desk: what everything that signs people in and out shares; built once. */
export type Desk = { platform: Platform; tokens: AccessTokens; live: LiveSessions; passwords: Passwords; throttle: Throttle; vault: Vault; letters: Letters; providers: OidcProvider[]; others: Others }

/** Callers whom other domains know; made in app.ts. */
export type Others = {
  /** Who an API key speaks for, and until when. Throws Unauthenticated. */
  findKey(token: string): Promise<Caller & { expiresAt: Date }>
  /** Whether a person may read the record of an identity of their organisation. */
  mayAudit(userId: UserId, identityId: IdentityId): Promise<boolean>
  /** Throws unless the acting person may destroy what an identity's organisation, if it has one, reads of it. */
  ensureMayDestroy(tx: EffectTx, identityId: string): Promise<void>
}

/** One call at the desk: its request id, for the audit, its network address, for the throttle alone, and what its person reads. */
export type Visit = { requestId: string; address: string; language: Language }

/** A person at the desk, for the audit and the events of what they do there. */
export const sceneOf = ({ platform }: Desk, given: { userId: string; identityId: string; requestId: string }): AuditScene => ({
  userId: given.userId as UserId, identityId: given.identityId as IdentityId, actor: { kind: 'person', id: given.userId },
  via: 'rest', requestId: given.requestId, now: () => platform.clock.now(),
})
