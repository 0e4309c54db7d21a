import { z } from 'zod'
import { SignedIn } from '../contract.ts'

export const ProviderKey = z.strictObject({ provider: z.string().regex(/^[a-z][a-z0-9_-]{0,31}$/) })
export const Providers = z.object({ items: z.array(z.object({ id: z.string(), name: z.string() })) })

export const Authorize = ProviderKey.extend({
  redirect_uri: z.string().max(500).optional().describe('One of OIDC_REDIRECT_URIS, letter by letter; without it the first.'),
  return_to: z.string().max(500).optional().describe('A path of the front end to go on at, such as /threads; anything else is left out.'),
})
export const Authorization = z.object({ authorization_url: z.string(), state: z.string(), flow: z.string().describe('Keep it in the browser that began; the callback needs it.'), expires_in: z.int() })

/** What came back to the redirect address, with the flow that the browser kept. */
export const Callback = ProviderKey.extend({
  flow: z.string().min(1).max(4_000), state: z.string().max(500).optional(), code: z.string().max(4_000).optional(), iss: z.string().max(500).optional(),
  error: z.string().max(2_000).optional(), error_description: z.string().max(20_000).optional(),
})

/** The password, once the sign-in is older than five minutes. */
export const LinkProvider = Callback.extend({ password: z.string().min(1).max(1_024).optional() })

const MfaRequired = z.object({ mfa_required: z.literal(true), mfa_token: z.string(), expires_in: z.int(), factors: z.array(z.enum(['totp', 'passkey', 'recovery_code'])) })
export const FederatedSignIn = z.union([SignedIn.extend({ return_to: z.string() }), MfaRequired.extend({ return_to: z.string() })])

export const Link = z.object({ id: z.uuid(), provider: z.string(), created_at: z.iso.datetime(), last_used_at: z.iso.datetime() })
export const Links = z.object({ items: z.array(Link) })
export const LinkKey = z.strictObject({ link_id: z.uuid() })
