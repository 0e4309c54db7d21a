import type { Secrets } from '../../../platform/secrets.ts'
import { seal, unseal } from '../../../platform/sealed.ts'

const PURPOSE = 'second factors'

/** Keeps the secrets of second factors. `about`: the factor's id. */
export type Vault = {
  seal(secret: string, about: string): Buffer
  /** The secret again; throws when it was changed in the database, or sealed under a key that is no longer set. */
  open(sealed: Buffer, about: string): string
  /** Sealed anew under the present key, when it still is under the one before. */
  renew(sealed: Buffer, about: string): Buffer | undefined
}

export function createVault(secrets: Secrets): Vault {
  const key = secrets.derive(PURPOSE)
  const previous = secrets.previous?.derive(PURPOSE)
  const openOld = (sealed: Buffer, about: string): string | undefined => (previous ? unseal(previous, sealed, about)?.toString() : undefined)
  return {
    seal: (secret, about) => seal(key, secret, about),
    open(sealed, about) {
      const secret = unseal(key, sealed, about)?.toString() ?? openOld(sealed, about)
      if (secret === undefined) throw new Error('The secret of a second factor does not open: JWT_SECRET was changed without JWT_SECRET_PREVIOUS, or the row was')
      return secret
    },
    renew(sealed, about) {
      if (unseal(key, sealed, about) !== undefined) return undefined
      const secret = openOld(sealed, about)
      return secret === undefined ? undefined : seal(key, secret, about)
    },
  }
}
