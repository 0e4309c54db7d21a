import type { FastifyRequest } from 'fastify'
import { z } from 'zod'
import type { Ctx } from '../../../platform/ctx.ts'
import { publicRoute, read, sessionRoute, type Route } from '../../../platform/http/route.ts'
import type { Desk, Visit } from '../desk.ts'
import { authorize } from './authorize.ts'
import { Authorization, Authorize, Callback, FederatedSignIn, Link, LinkKey, LinkProvider, Links, Providers } from './contract.ts'
import { linkProvider, unlinkProvider } from './link.ts'
import { presentLink } from './present.ts'
import { listExternal } from './queries.ts'
import { signInFederated } from './sign-in.ts'

const REFUSED = ['federation_refused', 'identity_provider_error', 'not_found', 'not_configured']

export const oidcRoutes = (desk: Desk, visitOf: (ctx: Ctx, request: FastifyRequest) => Visit): Route[] => [
  publicRoute('GET /auth/oauth/providers', {
    summary: 'List the providers that one may sign in with', output: Providers, run: async () => ({ items: desk.providers.map(({ id, name }) => ({ id, name })) }),
  }),
  publicRoute('GET /auth/oauth/:provider/authorize', {
    summary: 'Get the address at which to sign in, and the flow to keep until one comes back', input: Authorize, output: Authorization, bucket: 'auth', problems: REFUSED, run: (_ctx, input) => authorize(desk, input),
  }),
  publicRoute('POST /auth/oauth/:provider/callback', {
    summary: 'Sign in with what came back; a second factor is still asked for', input: Callback, output: FederatedSignIn, bucket: 'auth', problems: [...REFUSED, 'link_required'],
    run: (ctx, input, { request }) => signInFederated(desk, visitOf(ctx, request), input),
  }),
  sessionRoute('POST /auth/oauth/:provider/link', {
    summary: 'Link your account at the provider to your account here, with your password unless you just signed in', input: LinkProvider, output: Link, status: 201, bucket: 'auth',
    problems: [...REFUSED, 'reauth_required', 'wrong_password', 'step_up_required', 'conflict'],
    run: (ctx, input) => linkProvider(desk, ctx, input),
  }),
  read('GET /auth/oauth/links', { summary: 'List your linked providers', output: Links, run: async ({ db, caller }) => ({ items: (await listExternal(db, caller.userId).execute()).map(presentLink) }) }),
  sessionRoute('DELETE /auth/oauth/links/:link_id', {
    summary: 'Take a link away', input: LinkKey, output: z.object({}), status: 204, bucket: 'auth', problems: ['step_up_required', 'not_found', 'identity_boundary'],
    run: async (ctx, { link_id }) => {
      await unlinkProvider(desk, ctx, link_id)
      return {}
    },
  }),
]
