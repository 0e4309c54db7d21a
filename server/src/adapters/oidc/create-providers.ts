import { StartupError } from '../../platform/startup-error.ts'
import { createOidcProvider, type OidcProvider } from './oidc-provider.ts'
import { readProviders } from './provider-settings.ts'

/** The providers of the setting OIDC_PROVIDERS. Throws StartupError, which quotes no value. */
export function createOidcProviders(json: string): OidcProvider[] {
  try {
    return readProviders(json).map(createOidcProvider)
  } catch (error) {
    throw new StartupError(`The setting OIDC_PROVIDERS is not valid: ${(error as Error).message}.`)
  }
}
