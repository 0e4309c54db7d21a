import type { FastifyRequest } from 'fastify'
import type { Ctx } from '../../platform/ctx.ts'
import { page, toPage } from '../../platform/http/page.ts'
import { addressKey } from '../../platform/http/rate-limit.ts'
import { publicRoute, read, sessionRoute, write, type Route } from '../../platform/http/route.ts'
import { NotFound } from '../../platform/problems.ts'
import { bearerOf } from './sessions/bearer.ts'
import { changePassword } from './passwords/change-password.ts'
import { Accepted, ChangeEmail, ChangePassword, EmailState, EmailVerifiedAnswer, Ended, ListSessions, LoggedIn, Login, Logout, Me, Refresh, Register, RequestReset, ResetPassword, Session, SessionKey, SignedIn, SwitchIdentity, Switched, Verified, VerifyEmail } from './contract.ts'
import type { Desk, Visit } from './desk.ts'
import type { eraseData } from './erasure/erase-data.ts'
import { logout, revokeSession } from './sessions/end-sessions.ts'
import { askEmailChange, resendVerification } from './emails/ask-email.ts'
import { findEmail, findOpenChange } from './emails/queries.ts'
import { verifyEmail } from './emails/verify-email.ts'
import { factorRoutes } from './factors/routes.ts'
import { oidcRoutes } from './oidc/routes.ts'
import { passkeyRoutes } from './passkeys/routes.ts'
import { login } from './login.ts'
import { requestReset } from './passwords/request-reset.ts'
import { resetPassword } from './passwords/reset-password.ts'
import { presentEmail, presentPerson, presentSession } from './present.ts'
import { findPerson, listSessions } from './queries.ts'
import { refresh, refreshTokenOf } from './sessions/refresh.ts'
import { register } from './register.ts'
import { switchIdentity } from './sessions/switch-identity.ts'

export const visitOf = ({ requestId, language }: Ctx, request: FastifyRequest): Visit => ({ requestId, language, address: addressKey(request) })

const signingIn = (desk: Desk): Route[] => [
  publicRoute('POST /auth/register', {
    summary: 'Open an account and sign in', input: Register, output: SignedIn, status: 201, bucket: 'auth', problems: ['conflict', 'password_too_common'],
    run: (ctx, input, { request }) => register(desk, visitOf(ctx, request), input),
  }),
  publicRoute('POST /auth/login', {
    summary: 'Sign in; with a second factor set, get the token to give it with', input: Login, output: LoggedIn, bucket: 'auth', problems: ['invalid_credentials'],
    run: (ctx, input, { request }) => login(desk, visitOf(ctx, request), input),
  }),
  publicRoute('POST /auth/refresh', {
    summary: 'Spend the refresh token, sent as bearer token or in the body, for new tokens', input: Refresh, output: SignedIn, bucket: 'auth', problems: ['invalid_token'],
    run: (ctx, input, { request }) => refresh(desk, visitOf(ctx, request), refreshTokenOf(request, input)),
  }),
  sessionRoute('POST /auth/logout', {
    summary: 'Sign out: this session, or all of them', input: Logout, output: Ended,
    run: async (ctx, { all }, { reply }) => {
      const revoked = await logout(desk, ctx, { all: all ?? false })
      reply.header('clear-site-data', '"cache", "cookies", "storage"')
      return { revoked_sessions: revoked }
    },
  }),
  sessionRoute('POST /auth/change-password', {
    summary: 'Change the password; every other session ends', input: ChangePassword, output: Ended, bucket: 'auth', problems: ['wrong_password', 'password_too_common', 'conflict'],
    run: async (ctx, input) => ({ revoked_sessions: await changePassword(desk, ctx, input) }),
  }),
]

const byMail = (desk: Desk): Route[] => [
  publicRoute('POST /auth/password/reset-request', {
    summary: 'Have a link to set a new password mailed, if anybody has that address', input: RequestReset, output: Accepted, status: 202, bucket: 'auth', problems: ['not_configured'],
    run: async (ctx, { email }, { request }) => {
      await requestReset(desk, visitOf(ctx, request), email)
      return { accepted: true as const }
    },
  }),
  publicRoute('POST /auth/password/reset', {
    summary: 'Set a new password with a mailed token; every session ends', input: ResetPassword, output: Ended, bucket: 'auth', problems: ['gone', 'password_too_common'],
    run: async (ctx, input, { request }) => ({ revoked_sessions: await resetPassword(desk, visitOf(ctx, request), input) }),
  }),
  publicRoute('POST /auth/verify-email', {
    summary: 'Confirm an e-mail address, or a change of it, with a mailed token', input: VerifyEmail, output: EmailVerifiedAnswer, bucket: 'auth', problems: ['gone', 'conflict'],
    run: async (ctx, { token }, { request }) => {
      await verifyEmail(desk, visitOf(ctx, request), token)
      return { verified: true as const }
    },
  }),
  sessionRoute('POST /auth/resend-verification', {
    summary: 'Have another link to confirm your e-mail address mailed', output: Accepted, status: 202, bucket: 'auth', problems: ['conflict', 'not_configured'],
    run: async (ctx) => {
      await resendVerification(desk, ctx)
      return { accepted: true as const }
    },
  }),
  sessionRoute('POST /auth/change-email', {
    summary: 'Ask for another e-mail address; a link that is mailed there confirms it', input: ChangeEmail, output: Accepted, status: 202, bucket: 'auth', problems: ['wrong_password', 'wrong_code', 'not_configured'],
    run: async (ctx, input) => {
      await askEmailChange(desk, ctx, input)
      return { accepted: true as const }
    },
  }),
  read('GET /auth/email', {
    summary: 'Get your e-mail address, whether it is verified, and what it is about to become', output: EmailState,
    run: async ({ tx, db, caller }) => {
      const [[email], [pending]] = await Promise.all([tx.send(findEmail(db, caller.userId)), tx.send(findOpenChange(db, caller.userId))])
      if (!email) throw NotFound()
      return presentEmail(email, pending)
    },
  }),
]

const signedIn = (desk: Desk, erase: ReturnType<typeof eraseData>): Route[] => [
  read('GET /auth/me', {
    summary: 'Get yourself and the identity that you act as', output: Me,
    run: async ({ tx, db, caller }) => {
      const [person] = await tx.send(findPerson(db, caller.userId, caller.identityId))
      if (!person) throw NotFound()
      return presentPerson(person)
    },
  }),
  sessionRoute('GET /auth/verify', {
    summary: 'Say for whom the access token speaks, and until when', output: Verified,
    run: async ({ caller }, _input, { request }) => {
      const { expiresAt } = await desk.tokens.read(bearerOf(request))
      return { valid: true as const, user_id: caller.userId, identity_id: caller.identityId, session_id: caller.sessionId, expires_at: expiresAt.toISOString() }
    },
  }),
  read('GET /auth/sessions', {
    summary: 'List your live sessions, newest first', input: ListSessions, output: page(Session),
    run: async ({ tx, db, caller, platform: { cursors }, now }, q) => toPage(
      await tx.send(listSessions(db, caller.userId, { before: cursors.decode(q.cursor), limit: q.limit, now: now() })),
      { limit: q.limit, cursors, keyOf: (row) => row.id, present: (row) => presentSession(row, caller.sessionId) },
    ),
  }),
  sessionRoute('DELETE /auth/sessions/:session_id', {
    summary: 'End one of your sessions', input: SessionKey, output: Ended, problems: ['not_found', 'identity_boundary', 'gone'],
    run: async (ctx, { session_id }) => ({ revoked_sessions: await revokeSession(desk, ctx, session_id) }),
  }),
  write('DELETE /identities/:identity_id/data', erase, { tag: 'identities' }),
  ...(['POST /auth/switch-identity', 'POST /identities/:identity_id/activate'] as const).map((address) => sessionRoute(address, {
    summary: 'Act as another of your identities', input: SwitchIdentity, output: Switched, problems: ['not_found', 'identity_boundary', 'conflict'],
    run: (ctx, { identity_id }) => switchIdentity(desk, ctx, identity_id),
  })),
]

export const accountRoutes = (desk: Desk, erase: ReturnType<typeof eraseData>): Route[] => [...signingIn(desk), ...factorRoutes(desk, visitOf), ...passkeyRoutes(desk, visitOf), ...oidcRoutes(desk, visitOf), ...byMail(desk), ...signedIn(desk, erase)]
