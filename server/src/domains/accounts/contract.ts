import { z } from 'zod'
import { pageInput } from '../../platform/http/page.ts'
import { IdentityBrief } from '../identities/contract.ts'
import { readAddress } from './email-key.ts'

/** Code points that a password has at least. */
export const PASSWORD_LENGTH_MIN = 8
/** UTF-8 bytes that a password has at most; longer ones are refused before anything is hashed. */
export const PASSWORD_BYTES_MAX = 1_024

const isShort = (text: string): boolean => text.length <= PASSWORD_BYTES_MAX && new TextEncoder().encode(text).length <= PASSWORD_BYTES_MAX

const Password = z.string().min(1).refine(isShort, { error: `at most ${PASSWORD_BYTES_MAX} bytes` })
const NewPassword = Password.refine((text) => [...text].length >= PASSWORD_LENGTH_MIN, { error: `at least ${PASSWORD_LENGTH_MIN} characters`, when: ({ value }) => typeof value === 'string' && isShort(value) })
const Email = z.string().max(320).refine((text) => text.length > 320 || readAddress(text) !== undefined, { error: 'an e-mail address with an ASCII name before the @' })

export const Register = z.strictObject({ email: Email, password: NewPassword, name: z.string().trim().min(1).max(100) })
export const Login = z.strictObject({ email: z.string().min(1).max(320), password: Password })
export const Refresh = z.strictObject({ refresh_token: z.string().max(8_192).optional() })
export const Logout = z.strictObject({ all: z.boolean().optional() })
export const ChangePassword = z.strictObject({ current_password: Password, new_password: NewPassword })
/** Six digits of the authenticator, or a recovery code, however it was typed. */
const Code = z.string().trim().min(6).max(40)
/** What a link of an e-mail carries behind its `#`. */
const MailedToken = z.string().regex(/^[A-Za-z0-9_-]{43}$/)

export const SetUpTotp = z.strictObject({ password: Password.optional(), code: Code.optional() })
export const ConfirmTotp = z.strictObject({ code: z.string().trim().regex(/^\d{6}$/) })
export const DisableTotp = z.strictObject({ password: Password, code: Code })
export const ProveFactor = z.strictObject({ code: Code })
export const SecondFactor = z.strictObject({ mfa_token: z.string().min(1).max(8_192), code: Code })
export const RequestReset = z.strictObject({ email: z.string().min(1).max(320) })
export const ResetPassword = z.strictObject({ token: MailedToken, new_password: NewPassword })
export const VerifyEmail = z.strictObject({ token: MailedToken })
export const ChangeEmail = z.strictObject({ email: Email, password: Password, code: Code.optional() })
export const SwitchIdentity = z.strictObject({ identity_id: z.uuid() })
export const SessionKey = z.strictObject({ session_id: z.uuid() })
export const ListSessions = z.strictObject(pageInput)

export const User = z.object({ id: z.uuid(), email: z.string(), name: z.string() })
export const Me = z.object({ user: User, identity: IdentityBrief })
const Access = { access_token: z.string(), token_type: z.literal('bearer'), expires_in: z.int() }
export const SignedIn = Me.extend({ ...Access, refresh_token: z.string() })
/** The password was right, and the account asks for more: `mfa_token` is good for `POST /auth/login/second-factor` alone. */
export const MfaRequired = z.object({ mfa_required: z.literal(true), mfa_token: z.string(), expires_in: z.int(), factors: z.array(z.enum(['totp', 'passkey', 'recovery_code'])) })
export const LoggedIn = z.union([SignedIn, MfaRequired])
export const TotpSetup = z.object({ secret: z.string(), otpauth_url: z.string(), expires_at: z.iso.datetime() })
export const FactorSet = z.object({ enabled: z.literal(true), recovery_codes: z.array(z.string()), revoked_sessions: z.int() })
export const RecoveryCodes = z.object({ recovery_codes: z.array(z.string()) })
/** `proved_at`: when this session last gave a second factor; null for never. */
export const Factors = z.object({
  enabled: z.boolean(), factors: z.array(z.object({ kind: z.enum(['totp', 'passkey']), activated_at: z.iso.datetime() })),
  setup_pending: z.boolean(), recovery_codes_left: z.int(), proved_at: z.iso.datetime().nullable(),
})
/** The same whether anybody has that address or not. */
export const Accepted = z.object({ accepted: z.literal(true) })
export const EmailVerifiedAnswer = z.object({ verified: z.literal(true) })
export const EmailState = z.object({ email: z.string(), verified_at: z.iso.datetime().nullable(), pending_email: z.string().nullable() })
/** The refresh token stays the one that the session has. */
export const Switched = Me.extend(Access)
export const Ended = z.object({ revoked_sessions: z.int() })
export const Verified = z.object({ valid: z.literal(true), user_id: z.uuid(), identity_id: z.uuid(), session_id: z.uuid(), expires_at: z.iso.datetime() })

export const Session = z.object({
  id: z.uuid(), identity_id: z.uuid(), current: z.boolean(),
  created_at: z.iso.datetime(), refreshed_at: z.iso.datetime(), expires_at: z.iso.datetime(),
})
