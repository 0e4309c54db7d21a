import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { chainId } from '../server/src/domains/audit/anchors/checkpoint-line.ts'
import { createSigner } from '../server/src/domains/audit/anchors/signer.ts'
import { listChains } from '../server/src/domains/audit/verify/queries.ts'
import { verifyChain, type Verified } from '../server/src/domains/audit/verify/verify-chain.ts'
import { DATABASE, OWNER } from '../server/src/platform/db/cluster.ts'
import { createStore } from '../server/src/platform/db/store.ts'
import type { IdentityId } from '../server/src/platform/ids.ts'
import { createLog } from '../server/src/platform/log.ts'

const PAGE = 500

export type Chain = { identityId: string; events: number; verified: Verified }

type Given = { url: string; keys: string[]; anchors: Map<string, string[]>; identity: string | undefined; onProgress(links: number, of: number): void }

/** Verifies the chains of a running database one after the other. It only reads, so the server goes on. */
export async function* verifyDatabase({ url, keys, anchors, identity, onProgress }: Given): AsyncGenerator<Chain> {
  const store = createStore({ url, connections: 2, log: createLog('silent') })
  const seen = new Set<string>()
  try {
    for (let after: string | undefined; ;) {
      const chains = await store.within({ service: 'verify' }, (tx) => tx.send(listChains(tx.db, { after, limit: PAGE })))
      for (const { identity_id: identityId, seq } of chains) {
        seen.add(chainId(identityId))
        if (identity !== undefined && identity !== identityId) continue
        const events = Number(seq)
        const verified = await verifyChain(store, identityId as IdentityId, { keys, anchors: anchors.get(chainId(identityId)) ?? [], onProgress: (links) => { onProgress(links, events) } })
        yield { identityId, events, verified }
      }
      if (chains.length < PAGE) break
      after = chains.at(-1)?.identity_id
    }
    // A chain that was taken away whole, head and all, is known by its checkpoints alone.
    if (identity === undefined) for (const chain of anchors.keys()) if (!seen.has(chain)) yield gone(chain)
  } finally {
    await store.close()
  }
}

const gone = (chain: string): Chain => ({
  identityId: chain, events: 0,
  verified: { valid: false, events: 0, head: '', root: '', anchored: 0, anchored_at: null, not_anchored: 0, unknown: 0, first_broken: { seq: 1, because: 'cut' } },
})

/** Where the embedded PostgreSQL of a data folder listens while its server runs; undefined when none does. */
export async function runningUrl(dataDir: string): Promise<string | undefined> {
  const [pid, password] = await Promise.all([readText(join(dataDir, 'postgres', 'postmaster.pid')), readText(join(dataDir, 'secrets', 'postgres-owner'))])
  const port = Number(pid?.split('\n')[3])
  return password && Number.isInteger(port) && port > 0 ? `postgres://${OWNER}:${password.trim()}@127.0.0.1:${port}/${DATABASE}` : undefined
}

/** The public key of the instance whose data folder this is; undefined when it holds none. */
export async function ownKey(dataDir: string): Promise<string | undefined> {
  const seed = await readText(join(dataDir, 'secrets', 'audit-signing'))
  return seed === undefined ? undefined : createSigner(Buffer.from(seed.trim(), 'base64url')).publicKey
}

const readText = (path: string): Promise<string | undefined> => readFile(path, 'utf8').catch(() => undefined)
