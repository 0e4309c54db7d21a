import { z } from 'zod'
import { SignInRefused } from './errors.ts'

const IdToken = z.object({
  iss: z.string().min(1).max(500), sub: z.string().min(1).max(255),
  email: z.email().max(254).optional().catch(undefined), email_verified: z.boolean().optional().catch(undefined), name: z.string().max(200).optional().catch(undefined),
})

/** Whom a provider vouches for. `email` only when the provider says that it verified it. */
export type Claims = { issuer: string; subject: string; email: string | null; name: string | null }

/** Reads the claims of a verified ID token. Throws SignInRefused. */
export function readClaims(claims: unknown): Claims {
  const parsed = IdToken.safeParse(claims)
  if (!parsed.success) throw new SignInRefused({ cause: parsed.error })
  const { iss, sub, email, email_verified, name } = parsed.data
  return { issuer: iss, subject: sub, email: email_verified === true ? email ?? null : null, name: name?.trim() || null }
}
