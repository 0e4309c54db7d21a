import type { FastifyRequest } from 'fastify'
import type { Ctx } from '../../../platform/ctx.ts'
import { publicRoute, read, sessionRoute, type Route } from '../../../platform/http/route.ts'
import { Ended, SignedIn } from '../contract.ts'
import type { Desk, Visit } from '../desk.ts'
import { stepUp } from '../factors/step-up.ts'
import { addPasskey, beginPasskey } from './add-passkey.ts'
import { assertionOptions, CHALLENGE_SECONDS, readAssertion } from './ceremony.ts'
import { AddPasskey, BeginPasskey, PasskeyAdded, PasskeyOptions, Passkeys, ProvePasskey, RemovePasskey } from './contract.ts'
import { PasskeyRefused } from './errors.ts'
import { presentPasskey } from './present.ts'
import { listPasskeys } from './queries.ts'
import { removePasskey } from './remove-passkey.ts'
import { beginPasskeySignIn, signInWithPasskey } from './sign-in.ts'

const ASKED = ['wrong_password', 'step_up_required', 'not_configured']

export const passkeyRoutes = (desk: Desk, visitOf: (ctx: Ctx, request: FastifyRequest) => Visit): Route[] => [
  publicRoute('POST /auth/passkeys/sign-in/options', {
    summary: 'Begin to sign in with a passkey', output: PasskeyOptions, bucket: 'auth', problems: ['not_configured'], run: () => beginPasskeySignIn(desk),
  }),
  publicRoute('POST /auth/passkeys/sign-in', {
    summary: 'Sign in with what the passkey signed; no other factor is asked', input: ProvePasskey, output: SignedIn, bucket: 'auth', problems: ['passkey_refused', 'not_configured'],
    run: (ctx, input, { request }) => signInWithPasskey(desk, visitOf(ctx, request), input),
  }),
  read('GET /auth/passkeys', { summary: 'List your passkeys', output: Passkeys, run: async ({ db, caller }) => ({ items: (await listPasskeys(db, caller.userId).execute()).map(presentPasskey) }) }),
  sessionRoute('POST /auth/passkeys/options', {
    summary: 'Begin a passkey, with your password', input: BeginPasskey, output: PasskeyOptions, bucket: 'auth', problems: [...ASKED, 'conflict'], run: (ctx, { password }) => beginPasskey(desk, ctx, password),
  }),
  sessionRoute('POST /auth/passkeys', {
    summary: 'Register the passkey that answered; every other session ends', input: AddPasskey, output: PasskeyAdded, status: 201, bucket: 'auth', problems: ['passkey_refused', 'step_up_required', 'conflict', 'not_configured'],
    run: (ctx, input) => addPasskey(desk, ctx, input),
  }),
  sessionRoute('POST /auth/passkeys/:passkey_id/remove', {
    summary: 'Take a passkey away; every other session ends', input: RemovePasskey, output: Ended, bucket: 'auth', problems: [...ASKED, 'not_found', 'identity_boundary'],
    run: async (ctx, input) => ({ revoked_sessions: await removePasskey(desk, ctx, input) }),
  }),
  sessionRoute('POST /auth/step-up/passkey/options', {
    summary: 'Begin to prove your second factor anew with a passkey', output: PasskeyOptions, bucket: 'auth', problems: ['not_configured'],
    run: (ctx) => desk.platform.store.within(ctx.caller, async (tx) => ({ options: { ...await assertionOptions(desk, tx, { purpose: 'step_up', userId: ctx.caller.userId }) }, expires_in: CHALLENGE_SECONDS })),
  }),
  sessionRoute('POST /auth/step-up/passkey', {
    summary: 'Prove your second factor anew with a passkey; the session goes on with new tokens', input: ProvePasskey, output: SignedIn, bucket: 'auth', problems: ['passkey_refused', 'conflict', 'not_configured'],
    run: async (ctx, { response }) => {
      const proved = await stepUp(desk, ctx, async (tx) => {
        await readAssertion(desk, tx, { purpose: 'step_up', userId: ctx.caller.userId, response })
        return 'passkey'
      })
      if (!proved) throw PasskeyRefused()
      return proved
    },
  }),
]
