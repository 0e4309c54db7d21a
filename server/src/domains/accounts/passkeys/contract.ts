import { z } from 'zod'

const Base64Url = z.string().regex(/^[\w-]{1,8000}$/)
const Extensions = z.record(z.string().max(100), z.unknown())
const Shared = { id: Base64Url, rawId: Base64Url, type: z.literal('public-key'), clientExtensionResults: Extensions, authenticatorAttachment: z.enum(['platform', 'cross-platform']).optional() }
const TRANSPORTS = ['ble', 'cable', 'hybrid', 'internal', 'nfc', 'smart-card', 'usb'] as const

/** WebAuthn's RegistrationResponseJSON, as `navigator.credentials.create()` gives it. */
export const Registration = z.strictObject({
  ...Shared,
  response: z.object({ clientDataJSON: Base64Url, attestationObject: Base64Url, transports: z.array(z.enum(TRANSPORTS)).max(10).optional() }),
})

/** WebAuthn's AuthenticationResponseJSON, as `navigator.credentials.get()` gives it. */
export const Assertion = z.strictObject({
  ...Shared,
  response: z.object({ clientDataJSON: Base64Url, authenticatorData: Base64Url, signature: Base64Url, userHandle: Base64Url.optional() }),
})

export const BeginPasskey = z.strictObject({ password: z.string().min(1).max(1_024) })
export const AddPasskey = z.strictObject({ name: z.string().trim().min(1).max(60), response: Registration })
export const ProvePasskey = z.strictObject({ response: Assertion })
export const RemovePasskey = z.strictObject({ passkey_id: z.uuid(), password: z.string().min(1).max(1_024) })

/** Options for the browser, as WebAuthn names their members. */
export const PasskeyOptions = z.object({ options: z.record(z.string(), z.unknown()), expires_in: z.int() })
export const Passkey = z.object({ id: z.uuid(), name: z.string(), backed_up: z.boolean(), created_at: z.iso.datetime(), last_used_at: z.iso.datetime().nullable() })
/** `recovery_codes` with the first factor of an account, shown this once; null with further ones. */
export const PasskeyAdded = z.object({ passkey: Passkey, recovery_codes: z.array(z.string()).nullable(), revoked_sessions: z.int() })
export const Passkeys = z.object({ items: z.array(Passkey) })
