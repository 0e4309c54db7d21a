import type { FastifyRequest } from 'fastify'
import type { Ctx } from '../../../platform/ctx.ts'
import { publicRoute, read, sessionRoute, type Route } from '../../../platform/http/route.ts'
import { ConfirmTotp, DisableTotp, Ended, Factors, FactorSet, ProveFactor, RecoveryCodes, SecondFactor, SetUpTotp, SignedIn, TotpSetup } from '../contract.ts'
import type { Desk, Visit } from '../desk.ts'
import { presentFactors } from '../present.ts'
import { answerChallenge } from './challenge.ts'
import { confirmTotp } from './confirm-totp.ts'
import { disableTotp } from './disable-totp.ts'
import { countRecoveryCodes, findFactors, findPendingTotp } from './queries.ts'
import { renewRecoveryCodes } from './renew-recovery-codes.ts'
import { setUpTotp, setupsSince } from './set-up-totp.ts'
import { stepUpWithCode } from './step-up.ts'

export const factorRoutes = (desk: Desk, visitOf: (ctx: Ctx, request: FastifyRequest) => Visit): Route[] => [
  publicRoute('POST /auth/login/second-factor', {
    summary: 'End a sign-in with a code of the authenticator or a recovery code', input: SecondFactor, output: SignedIn, bucket: 'auth', problems: ['invalid_challenge', 'wrong_code'],
    run: (ctx, input, { request }) => answerChallenge(desk, visitOf(ctx, request), input),
  }),
  read('GET /auth/2fa', {
    summary: 'Say which second factors you have', output: Factors,
    run: async ({ tx, db, caller: { userId, proof }, now }) => {
      const [active, [pending], [codes]] = await Promise.all([tx.send(findFactors(db, userId)), tx.send(findPendingTotp(db, userId, setupsSince(now()))), tx.send(countRecoveryCodes(db, userId))])
      return presentFactors({ active, pending, left: Number(codes?.left ?? 0), proof })
    },
  }),
  sessionRoute('POST /auth/2fa/setup', {
    summary: 'Begin an authenticator: its secret is shown this once', input: SetUpTotp, output: TotpSetup, bucket: 'auth', problems: ['reauth_required', 'wrong_password', 'wrong_code'],
    run: (ctx, input) => setUpTotp(desk, ctx, input),
  }),
  sessionRoute('POST /auth/2fa/verify', {
    summary: 'Give the first code of the authenticator; get the recovery codes, shown this once', input: ConfirmTotp, output: FactorSet, bucket: 'auth', problems: ['gone', 'wrong_code'],
    run: (ctx, { code }) => confirmTotp(desk, ctx, code),
  }),
  sessionRoute('POST /auth/2fa/disable', {
    summary: 'Take the authenticator away; every other session ends', input: DisableTotp, output: Ended, bucket: 'auth', problems: ['conflict', 'wrong_password', 'wrong_code'],
    run: async (ctx, input) => ({ revoked_sessions: await disableTotp(desk, ctx, input) }),
  }),
  sessionRoute('POST /auth/2fa/recovery-codes', {
    summary: 'Get ten new recovery codes, shown this once; the earlier ones end', input: ProveFactor, output: RecoveryCodes, bucket: 'auth', problems: ['conflict', 'wrong_code'],
    run: async (ctx, { code }) => ({ recovery_codes: await renewRecoveryCodes(desk, ctx, code) }),
  }),
  sessionRoute('POST /auth/step-up', {
    summary: 'Prove your second factor anew; the session goes on with new tokens', input: ProveFactor, output: SignedIn, bucket: 'auth', problems: ['conflict', 'wrong_code'],
    run: (ctx, { code }) => stepUpWithCode(desk, ctx, code),
  }),
]
