import type { FastifyRequest } from 'fastify'
import type { OidcProvider } from '../../adapters/oidc/oidc-provider.ts'
import type { Mailer } from '../../adapters/mail/mailer.ts'
import type { Caller, Platform } from '../../platform/ctx.ts'
import type { Domain } from '../../platform/domain.ts'
import { Unauthenticated } from '../../platform/problems.ts'
import { createAccessTokens } from './sessions/access-token.ts'
import { authenticate, verifyAccessToken } from './sessions/authenticate.ts'
import { accountsDomain } from './domain.ts'
import { createPasswords } from './passwords/hash-password.ts'
import { createLiveSessions } from './sessions/live-sessions.ts'
import type { Desk, Others } from './desk.ts'
import { deleteOldChanges } from './emails/queries.ts'
import { deleteOldChallenges, deleteUnfinished } from './factors/queries.ts'
import { createVault } from './factors/vault.ts'
import { createLetters, type Letters } from './letters/letters.ts'
import { deleteOldMailedTokens } from './letters/queries.ts'
import { deleteOldFlows } from './oidc/queries.ts'
import { deleteOldChallenges as deleteOldPasskeyChallenges } from './passkeys/queries.ts'
import { deleteExpiredTokens } from './queries.ts'
import { createThrottle } from './throttle.ts'

const BATCH = 1_000
/** How long a link, a challenge or a change of address is remembered after its end. */
const KEPT_MS = 7 * 86_400_000

export type Accounts = {
  domain: Domain
  /** Who sends a request. Throws Unauthenticated; IdentityBoundary, recorded, for an X-Identity-ID that is not theirs. */
  authenticate(request: FastifyRequest): Promise<Caller>
  /** Who a token speaks for, and until when: for a socket's first message. Throws Unauthenticated. */
  verifyAccessToken(token: string): Promise<Caller & { expiresAt: Date }>
  /** Has this node look again, at once, whether these sessions live: for what another node tells of them. */
  forgetSessions(sessionIds: string[]): void
  /** What takes letters of the instance to the mail server. */
  letters: Letters
  /** Deletes tokens, links, challenges and unfinished setups whose time is over, at most 1,000 of each a call; how many. A job calls it now and then. */
  forgetExpiredTokens(): Promise<number>
}

/** Nobody but those who sign in. */
const NO_OTHERS: Others = { findKey: () => Promise.reject(Unauthenticated()), mayAudit: () => Promise.resolve(false), ensureMayDestroy: () => Promise.reject(Unauthenticated()) }

/** `mailer` null: no letter is sent. */
export function createAccounts(platform: Platform, { mailer = null, providers = [], others = NO_OTHERS }: { mailer?: Mailer | null; providers?: OidcProvider[]; others?: Others } = {}): Accounts {
  const desk: Desk = {
    platform,
    tokens: createAccessTokens({ secret: platform.secrets.jwt, previous: platform.secrets.previous?.jwt ?? null, clock: platform.clock }),
    live: createLiveSessions(platform),
    passwords: createPasswords(),
    throttle: createThrottle(platform),
    others,
    vault: createVault(platform.secrets),
    letters: createLetters(platform, mailer),
    providers,
  }
  return {
    domain: accountsDomain(desk),
    authenticate: (request) => authenticate(desk, request),
    verifyAccessToken: (token) => verifyAccessToken(desk, token),
    forgetSessions: (sessionIds) => desk.live.forget(sessionIds),
    letters: desk.letters,
    async forgetExpiredTokens() {
      const now = platform.clock.now()
      const before = new Date(now.getTime() - KEPT_MS)
      const gone = await platform.store.within({ service: 'sign-in' }, ({ db, send }) => Promise.all([
        send(deleteExpiredTokens(db, now, BATCH)), send(deleteOldChallenges(db, before, BATCH)), send(deleteUnfinished(db, before, BATCH)),
        send(deleteOldMailedTokens(db, before, BATCH)), send(deleteOldPasskeyChallenges(db, now, BATCH)), send(deleteOldFlows(db, now, BATCH)), send(deleteOldChanges(db, before, BATCH)),
      ]))
      return gone.flat().length
    },
  }
}
