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
export const SwitchIdentity = z.strictObject({ identity_id: z.uuid() })
export const SessionKey = z.strictObject({ session_id: z.uuid() })
export const ListSessions = z.strictObject(pageInput)

export const User = z.object({ id: z.uuid(), email: z.string(), name: z.string() })
export const Me = z.object({ user: User, identity: IdentityBrief })
const Access = { access_token: z.string(), token_type: z.literal('bearer'), expires_in: z.int() }
export const SignedIn = Me.extend({ ...Access, refresh_token: z.string() })
/** The refresh token stays the one that the session has. */
export const Switched = Me.extend(Access)
export const Ended = z.object({ revoked_sessions: z.int() })
export const Verified = z.object({ valid: z.literal(true), user_id: z.uuid(), identity_id: z.uuid(), session_id: z.uuid(), expires_at: z.iso.datetime() })

export const Session = z.object({
  id: z.uuid(), identity_id: z.uuid(), current: z.boolean(),
  created_at: z.iso.datetime(), refreshed_at: z.iso.datetime(), expires_at: z.iso.datetime(),
})
