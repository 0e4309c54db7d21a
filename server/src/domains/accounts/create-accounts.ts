import type { FastifyRequest } from 'fastify'
import type { Caller, Platform } from '../../platform/ctx.ts'
import type { Domain } from '../../platform/domain.ts'
import { Unauthenticated } from '../../platform/problems.ts'
import { createAccessTokens } from './access-token.ts'
import { authenticate, verifyAccessToken } from './authenticate.ts'
import type { Others } from './desk.ts'
import { accountsDomain } from './domain.ts'
import { createPasswords } from './hash-password.ts'
import { createLiveSessions } from './live-sessions.ts'
import { deleteExpiredTokens } from './queries.ts'
import { createThrottle } from './throttle.ts'

const BATCH = 1_000

export type Accounts = {
  domain: Domain
  /** Who sends a request. Throws Unauthenticated; IdentityBoundary, recorded, for an X-Identity-ID that is not theirs. */
  authenticate(request: FastifyRequest): Promise<Caller>
  /** Who a token speaks for, and until when: for a socket's first message. Throws Unauthenticated. */
  verifyAccessToken(token: string): Promise<Caller & { expiresAt: Date }>
  /** Has this node look again, at once, whether these sessions live: for what another node tells of them. */
  forgetSessions(sessionIds: string[]): void
  /** Deletes refresh tokens whose time is over, at most 1,000 a call; how many. A job calls it now and then. */
  forgetExpiredTokens(): Promise<number>
}

/** Nobody but those who sign in. */
const NO_OTHERS: Others = { findKey: () => Promise.reject(Unauthenticated()), mayAudit: () => Promise.resolve(false) }

export function createAccounts(platform: Platform, others: Others = NO_OTHERS): Accounts {
  const desk = {
    platform,
    tokens: createAccessTokens({ secret: platform.secrets.jwt, clock: platform.clock }),
    live: createLiveSessions(platform),
    passwords: createPasswords(),
    throttle: createThrottle(platform),
    others,
  }
  return {
    domain: accountsDomain(desk),
    authenticate: (request) => authenticate(desk, request),
    verifyAccessToken: (token) => verifyAccessToken(desk, token),
    forgetSessions: (sessionIds) => desk.live.forget(sessionIds),
    async forgetExpiredTokens() {
      const gone = await platform.store.within({ service: 'sign-in' }, (tx) => tx.send(deleteExpiredTokens(tx.db, platform.clock.now(), BATCH)))
      return gone.length
    },
  }
}
