import { LRUCache } from 'lru-cache'
import PQueue from 'p-queue'
import type { Platform } from '../../../platform/ctx.ts'
import { newId, type IdentityId } from '../../../platform/ids.ts'
import { INSTANCE_IDENTITY, instanceScene } from '../instance.ts'
import { record } from '../record.ts'
import { anchorChain } from './anchor-chain.ts'
import { ChainBroken } from './extend-tree.ts'
import { postAnchor } from './publish-anchor.ts'
import { listDue, noteAnchored } from './queries.ts'
import { createSigner, type Signer } from './signer.ts'

/** Keeps the chains of an instance anchored outside the database. */
export type Anchorer = {
  signer: Signer
  /** Signs the chains whose time has come, at most 100 a call; how many it looked at. Safe on several nodes. */
  anchorDue(): Promise<number>
  /** Counts an event of this node's relay: after AUDIT_ANCHOR_EVENTS of them a chain does not wait for the clock. */
  heard(identityId: IdentityId | null): void
  /** Waits for what it is at. */
  stop(): Promise<void>
}

const BATCH = 100
const MINUTE_MS = 60_000
const COUNTED_MAX = 10_000
/** Checkpoints on their way to the webhook at once, and those that may wait for it: one that hangs holds up no chain. */
const POSTS = 16
const POSTS_MAX = 1_000

export function createAnchorer(platform: Platform): Anchorer {
  const { settings, log, store, clock } = platform
  const signer = createSigner(platform.secrets.auditSigning)
  const counts = new LRUCache<IdentityId, number>({ max: COUNTED_MAX })
  const running = new Set<Promise<void>>()
  const posts = new PQueue({ concurrency: POSTS })
  let stopped = false

  async function anchor(identityId: IdentityId): Promise<void> {
    try {
      const line = await anchorChain(platform, signer, identityId)
      if (line !== undefined) publish(line)
    } catch (error) {
      log.error({ error }, 'a chain of the record could not be anchored')
      await tellBroken(identityId, error)
    }
  }

  /** What cannot be signed is said where the Architect looks, and waits its turn again, so that it holds up nobody. */
  async function tellBroken(identityId: IdentityId, error: unknown): Promise<void> {
    const now = (): Date => clock.now()
    await store.within({ service: 'anchor' }, async (tx) => {
      await tx.send(noteAnchored(identityId, 0, now()).compile(tx.db))
      if (!(error instanceof ChainBroken)) return
      record(tx, instanceScene({ role: 'anchorer', requestId: newId(), now }), { action: 'audit.broken', outcome: 'failed', resource: { type: 'audit', id: identityId }, details: { seq: error.seq, because: error.because } })
    }).catch((failure: unknown) => { log.error({ error: failure }, 'a broken chain could not be recorded') })
  }

  function publish(line: string): void {
    const { AUDIT_ANCHOR_STDOUT: stdout, AUDIT_ANCHOR_WEBHOOK: url } = settings
    if (stdout === 'on') process.stdout.write(`${line}\n`)
    if (!url) return
    if (posts.size >= POSTS_MAX) return log.warn({ waiting: POSTS_MAX }, 'the webhook of checkpoints did not take one')
    void posts.add(() => postAnchor(url, line).catch((error: unknown) => { log.warn({ error }, 'the webhook of checkpoints did not take one') }))
  }

  return {
    signer,
    async anchorDue() {
      const since = new Date(clock.now().getTime() - settings.AUDIT_ANCHOR_MINUTES * MINUTE_MS)
      const due = await store.within({ service: 'anchor' }, (tx) => tx.send(listDue(tx.db, { since, events: settings.AUDIT_ANCHOR_EVENTS, limit: BATCH })))
      for (const { identity_id: id } of due) if (!stopped) await anchor(id as IdentityId)
      await posts.onIdle()
      return due.length
    },
    heard(identityId) {
      const id = identityId ?? INSTANCE_IDENTITY
      const count = (counts.get(id) ?? 0) + 1
      counts.set(id, count % settings.AUDIT_ANCHOR_EVENTS)
      if (count < settings.AUDIT_ANCHOR_EVENTS || stopped) return
      const work = anchor(id).finally(() => { running.delete(work) })
      running.add(work)
    },
    async stop() {
      stopped = true
      await Promise.all(running)
      // A hook that hangs does not hold up the end; what it did not get is in the file.
      if (posts.size > 0) log.warn({ waiting: posts.size }, 'the webhook of checkpoints did not take all')
      posts.clear()
      await posts.onIdle()
    },
  }
}
