import {
  AuthorizationResponseError, ClientError, type Configuration, None, ResponseBodyError, allowInsecureRequests, authorizationCodeGrant, buildAuthorizationUrl, calculatePKCECodeChallenge, customFetch, discovery, enableNonRepudiationChecks, randomNonce, randomPKCECodeVerifier, randomState,
} from 'openid-client'
import { isLoopback } from '../../platform/settings.ts'
import { boundedFetch } from './bounded-fetch.ts'
import { readClaims, type Claims } from './claims.ts'
import { ProviderUnreachable, SignInRefused } from './errors.ts'
import type { ProviderSettings } from './provider-settings.ts'

/** What binds an answer of the provider to the question: none of it leaves with the question but `state`, `nonce` and a hash of `verifier`. */
export type Secrets = { state: string; nonce: string; verifier: string }

/** An OpenID provider as this server knows it: authorization code flow with PKCE (S256), `state` and `nonce`, and nothing else. */
export type OidcProvider = {
  id: string
  name: string
  issuer: string
  newSecrets(): Secrets
  /** Where the person signs in. Throws ProviderUnreachable. */
  authorizationUrl(given: Secrets & { redirectUri: string }): Promise<string>
  /** Redeems what came back to `callback` (the redirect address with its query). Throws SignInRefused, ProviderUnreachable. */
  redeem(given: Secrets & { callback: URL }): Promise<Claims>
}

const METADATA_FRESH_MS = 3_600_000
const RETRY_MS = 5_000

export function createOidcProvider({ id, name, issuer, client_id: clientId, client_secret: clientSecret, scope }: ProviderSettings): OidcProvider {
  const loopback = isLoopback(new URL(issuer).hostname)
  const bounded = boundedFetch({ loopback })
  let known: { at: number; configuration: Promise<Configuration> } | undefined

  /** The provider's metadata, whose issuer must be the configured one (the library compares); read anew each hour, after a failure at most each 5 s. */
  function configuration(): Promise<Configuration> {
    if (known && performance.now() - known.at < METADATA_FRESH_MS) return known.configuration
    const asked = discover()
    const mine = { at: performance.now(), configuration: asked }
    known = mine
    asked.catch(() => { mine.at = performance.now() - METADATA_FRESH_MS + RETRY_MS })
    return asked
  }

  async function discover(): Promise<Configuration> {
    return discovery(new URL(issuer), clientId, clientSecret, clientSecret ? undefined : None(), {
      [customFetch]: bounded, timeout: 5,
      // Without the first, the library trusts the connection and leaves the signature of the ID token unread.
      execute: [enableNonRepudiationChecks, ...(loopback ? [allowInsecureRequests] : [])],
    })
  }

  return {
    id, name, issuer,
    newSecrets: () => ({ state: randomState(), nonce: randomNonce(), verifier: randomPKCECodeVerifier() }),
    async authorizationUrl({ redirectUri, state, nonce, verifier }) {
      try {
        return buildAuthorizationUrl(await configuration(), {
          redirect_uri: redirectUri, scope, state, nonce, response_type: 'code',
          code_challenge: await calculatePKCECodeChallenge(verifier), code_challenge_method: 'S256',
        }).href
      } catch (error) {
        throw new ProviderUnreachable({ cause: error })
      }
    },
    async redeem({ callback, state, nonce, verifier }) {
      const configured = await configuration().catch((error: unknown) => { throw new ProviderUnreachable({ cause: error }) })
      try {
        const tokens = await authorizationCodeGrant(configured, callback, { pkceCodeVerifier: verifier, expectedState: state, expectedNonce: nonce, idTokenExpected: true })
        return readClaims(tokens.claims())
      } catch (error) {
        throw refusalOf(error)
      }
    },
  }
}

/** Answers that say no, or that are not what was asked for, are refusals; everything else is a provider that cannot be relied on now. */
function refusalOf(error: unknown): Error {
  if (error instanceof SignInRefused) return error
  if (error instanceof AuthorizationResponseError || error instanceof ResponseBodyError) return new SignInRefused({ cause: error })
  const code = error instanceof ClientError ? error.code ?? '' : ''
  if (/^OAUTH_(INVALID_RESPONSE|JWT_|JSON_ATTRIBUTE_COMPARISON|KEY_SELECTION|UNSUPPORTED_OPERATION)/.test(code)) return new SignInRefused({ cause: error })
  return new ProviderUnreachable({ cause: error })
}
