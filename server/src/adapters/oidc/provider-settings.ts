import { z } from 'zod'

/** One OpenID provider as the operator configures it. */
const Provider = z.strictObject({
  id: z.string().regex(/^[a-z][a-z0-9_-]{0,31}$/),
  name: z.string().min(1).max(60),
  issuer: z.url(),
  client_id: z.string().min(1).max(500),
  client_secret: z.string().min(1).max(500).optional(),
  scope: z.string().regex(/^[\x21\x23-\x5b\x5d-\x7e ]{1,200}$/).default('openid email profile'),
})
export type ProviderSettings = z.output<typeof Provider>

const Providers = z.array(Provider).max(20).refine((all) => new Set(all.map(({ id }) => id)).size === all.length, 'two providers have the same id')

/** The providers of OIDC_PROVIDERS. Throws TypeError with what is wrong, never with a value. */
export function readProviders(json: string): ProviderSettings[] {
  const parsed = Providers.safeParse(parse(json))
  if (parsed.success) return parsed.data
  const [issue] = parsed.error.issues
  throw new TypeError(`${issue?.path.join('.') || 'it'}: ${issue?.message}`)
}

function parse(json: string): unknown {
  try {
    return JSON.parse(json)
  } catch {
    throw new TypeError('it is not JSON')
  }
}
