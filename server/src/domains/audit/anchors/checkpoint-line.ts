import { z } from 'zod'
import { canonical, sha256 } from '../../../platform/canonical.ts'
import { isSigned, type Signer } from './signer.ts'

export const ORIGIN = 'chenu.audit'

const Hash = z.string().regex(/^[0-9a-f]{64}$/)

/** A signed checkpoint: of `size` events of a chain the tree's root and the last link's hash are these. `chain` is `chainId`. */
export const SignedCheckpoint = z.strictObject({
  at: z.string().max(40), chain: Hash, head: Hash, key: z.string().max(64), origin: z.literal(ORIGIN), root: Hash, signature: z.string().max(200), size: z.int().min(1), v: z.literal(1),
})
export type SignedCheckpoint = z.output<typeof SignedCheckpoint>

/** A chain's name outside the house: the hash of its identity's random id, so that a file of checkpoints names nobody. */
export const chainId = (identityId: string): string => sha256(`chenu audit chain ${identityId}`)

type Given = { chain: string; size: number; root: string; head: string; at: Date }

/** One checkpoint as the canonical line that goes into the table, the file and the webhook. */
export function signCheckpoint(signer: Signer, { chain, size, root, head, at }: Given): string {
  const said = { at: at.toISOString(), chain, head, key: signer.keyId, origin: ORIGIN, root, size, v: 1 }
  return canonical({ ...said, signature: signer.sign(canonical(said)) })
}

/** The checkpoint that a line holds; undefined when it holds none, or not in its one canonical form. */
export function readCheckpoint(line: string): SignedCheckpoint | undefined {
  try {
    const { data } = SignedCheckpoint.safeParse(JSON.parse(line))
    return data && canonical(data) === line && isOneForm(data.signature) ? data : undefined
  } catch {
    return undefined
  }
}

/** Base64url has spare bits at its end: only one spelling of a signature is taken, so that no letter can change unseen. */
export const isOneForm = (text: string): boolean => Buffer.from(text, 'base64url').toString('base64url') === text

/** True when the holder of the public key signed it. */
export function isGenuine({ signature, ...said }: SignedCheckpoint, publicKey: string): boolean {
  return isSigned(publicKey, canonical(said), signature)
}
