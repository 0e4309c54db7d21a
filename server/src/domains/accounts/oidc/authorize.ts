import type { z } from 'zod'
import type { OidcProvider } from '../../../adapters/oidc/oidc-provider.ts'
import { newId } from '../../../platform/ids.ts'
import type { Desk } from '../desk.ts'
import type { Authorization, Authorize, Callback } from './contract.ts'
import { FederationRefused, ProviderDown, RedirectsNotConfigured, UnknownProvider } from './errors.ts'
import { FLOW_SECONDS, openFlow, safeReturn, sealFlow, type Flow } from './flow.ts'

type Claims = Awaited<ReturnType<OidcProvider['redeem']>>

export function providerNamed({ providers }: Desk, id: string): OidcProvider {
  const provider = providers.find((one) => one.id === id)
  if (!provider) throw UnknownProvider()
  return provider
}

/** Where to sign in at a provider. Nothing is stored: what must come back is sealed and kept by the browser. Throws FederationRefused, ProviderDown. */
export async function authorize(desk: Desk, { provider: id, redirect_uri: wanted, return_to: returnTo }: z.output<typeof Authorize>): Promise<z.input<typeof Authorization>> {
  const provider = providerNamed(desk, id)
  const allowed = desk.platform.settings.OIDC_REDIRECT_URIS
  const redirectUri = wanted ?? allowed[0]
  if (redirectUri === undefined) throw RedirectsNotConfigured()
  if (!allowed.includes(redirectUri)) throw FederationRefused({ because: 'redirect' })
  const secrets = provider.newSecrets()
  const url = await provider.authorizationUrl({ ...secrets, redirectUri }).catch(translate)
  const flow: Flow = { id: newId(), provider: id, redirectUri, returnTo: safeReturn(returnTo), ...secrets, expiresAt: desk.platform.clock.now().getTime() + FLOW_SECONDS * 1_000 }
  return { authorization_url: url, state: secrets.state, flow: sealFlow(keyOf(desk), flow), expires_in: FLOW_SECONDS }
}

/** What the provider vouches for, for a flow of ours that was not used yet. Throws FederationRefused, ProviderDown. */
export async function redeem(desk: Desk, given: z.output<typeof Callback>): Promise<{ claims: Claims; flow: Flow }> {
  const provider = providerNamed(desk, given.provider)
  const flow = openFlow(keyOf(desk), given.flow, desk.platform.clock.now())
  if (!flow || flow.provider !== given.provider) throw FederationRefused({ because: 'flow' })
  const callback = new URL(flow.redirectUri)
  for (const name of ['code', 'state', 'iss', 'error', 'error_description'] as const) if (given[name] !== undefined) callback.searchParams.set(name, given[name])
  return { claims: await provider.redeem({ ...flow, callback }).catch(translate), flow }
}

const keyOf = ({ platform }: Desk): Buffer => platform.secrets.derive('oidc flows')

/** Only the names of the adapter's errors are known here. */
function translate(error: unknown): never {
  const { name } = error as Error
  if (name === 'SignInRefused') throw FederationRefused({ because: 'provider' })
  if (name === 'ProviderUnreachable') throw ProviderDown()
  throw error
}
