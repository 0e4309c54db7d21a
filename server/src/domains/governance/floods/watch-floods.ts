import type { Caller, EffectTx } from '../../../platform/ctx.ts'
import type { Tx } from '../../../platform/db/store.ts'
import { ActorPaused, Flooding, TooManyWaiting } from './errors.ts'
import { countHeld, findPause, lockActor, type Held, type PauseInForce } from './queries.ts'

const HOUR_MS = 3_600_000

const actorOf = ({ identityId, actor }: Pick<Caller, 'identityId' | 'actor'>): { identityId: string; kind: string; id: string } => ({ identityId, ...actor })

/** The pause that a caller is under; nothing is asked for a person, whom none can pause. Goes out with BEGIN. */
export const readPause = async (tx: Tx, caller: Caller, now: Date): Promise<PauseInForce | undefined> =>
  caller.actor.kind === 'person' ? undefined : (await tx.send(findPause(actorOf(caller), now)))[0]

/** Throws Flooding or ActorPaused. */
export function ensureUnpaused(pause: PauseInForce | undefined, now: Date): void {
  if (!pause) return
  if (pause.reason === 'blocked' || pause.ends_at === null) throw ActorPaused()
  throw Flooding({ retryAfterSeconds: Math.max(1, Math.ceil((pause.ends_at.getTime() - now.getTime()) / 1_000)) })
}

/**
 * Counts what an actor has had held, before the checkpoint is opened: the lock and the count leave in the round trip that
 * opens it, so that of many calls at once each sees those before it, and the one too many is rolled back with its row.
 */
export async function readHeld({ settings, now, ...tx }: EffectTx): Promise<Held | undefined> {
  if (tx.actor.kind === 'person') return undefined
  const at = now()
  const limits = { since: new Date(at.getTime() - settings.FLOOD_SECONDS * 1_000), hourAgo: new Date(at.getTime() - HOUR_MS), now: at, held: settings.FLOOD_HELD, open: settings.OPEN_PER_HOUR }
  const [, [held]] = await Promise.all([tx.send(lockActor(actorOf(tx))), tx.send(countHeld(actorOf(tx), limits).compile(tx.db))])
  return held
}

/** Throws Flooding when one more held call would be more than the limit, TooManyWaiting when an hour's worth waits already. */
export function ensureNoFlood(held: Held | undefined, { FLOOD_HELD, FLOOD_SECONDS, OPEN_PER_HOUR }: EffectTx['settings']): void {
  if (!held) return
  if (held.recent >= FLOOD_HELD) throw Flooding({ retryAfterSeconds: FLOOD_SECONDS })
  if (held.open >= OPEN_PER_HOUR) throw TooManyWaiting({ waiting: held.open })
}
