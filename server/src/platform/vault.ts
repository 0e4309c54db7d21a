import { createHash } from 'node:crypto'
import { sealText, unsealText } from './sealed.ts'

/** Wraps the data keys that lie in the database with a key that does not. */
export type Vault = {
  /** Names the wrapping key without telling it, so that what another one wrapped is told apart. */
  id: string
  wrap(key: Buffer, about: string): string
  unwrap(wrapped: string, about: string): Buffer | undefined
}

/** `previous` opens what was wrapped before the instance's secret changed; nothing new is wrapped with it. */
export const createVault = (master: Buffer, previous?: Buffer): Vault => ({
  id: createHash('sha256').update('chenu/vault').update(master).digest('hex').slice(0, 16),
  wrap: (key, about) => sealText(master, key, about),
  unwrap: (wrapped, about) => unsealText(master, wrapped, about) ?? (previous && unsealText(previous, wrapped, about)),
})
