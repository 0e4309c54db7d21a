import type { FastifyRequest } from 'fastify'
import type { Ctx } from '../../platform/ctx.ts'
import { page, toPage } from '../../platform/http/page.ts'
import { addressKey } from '../../platform/http/rate-limit.ts'
import { publicRoute, read, sessionRoute, write, type Route } from '../../platform/http/route.ts'
import { NotFound } from '../../platform/problems.ts'
import { bearerOf } from './bearer.ts'
import { changePassword } from './change-password.ts'
import { ChangePassword, Ended, ListSessions, Login, Logout, Me, Refresh, Register, Session, SessionKey, SignedIn, SwitchIdentity, Switched, Verified } from './contract.ts'
import type { Desk, Visit } from './desk.ts'
import type { eraseData } from './erasure/erase-data.ts'
import { logout, revokeSession } from './end-sessions.ts'
import { login } from './login.ts'
import { presentPerson, presentSession } from './present.ts'
import { findPerson, listSessions } from './queries.ts'
import { refresh, refreshTokenOf } from './refresh.ts'
import { register } from './register.ts'
import { switchIdentity } from './switch-identity.ts'

const visitOf = ({ requestId }: Ctx, request: FastifyRequest): Visit => ({ requestId, address: addressKey(request) })

const signingIn = (desk: Desk): Route[] => [
  publicRoute('POST /auth/register', {
    summary: 'Open an account and sign in', input: Register, output: SignedIn, status: 201, bucket: 'auth', problems: ['conflict', 'password_too_common'],
    run: (ctx, input, { request }) => register(desk, visitOf(ctx, request), input),
  }),
  publicRoute('POST /auth/login', {
    summary: 'Sign in', input: Login, output: SignedIn, bucket: 'auth', problems: ['invalid_credentials'],
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

export const accountRoutes = (desk: Desk, erase: ReturnType<typeof eraseData>): Route[] => [...signingIn(desk), ...signedIn(desk, erase)]
