/** The provider did not answer, or not as a provider does. */
export class ProviderUnreachable extends Error {
  override name = 'ProviderUnreachable'
  constructor(options?: { cause: unknown }) { super('The provider could not be asked', options) }
}

/** The provider said no, or its answer does not belong to the question. */
export class SignInRefused extends Error {
  override name = 'SignInRefused'
  constructor(options?: { cause: unknown }) { super('The sign-in was refused', options) }
}
