import type { Caller } from '../../../platform/ctx.ts'
import type { Tx } from '../../../platform/db/store.ts'
import type { IdentityId, UserId } from '../../../platform/ids.ts'
import { Conflict, Forbidden, Gone, NotFound, Unauthenticated } from '../../../platform/problems.ts'
import { FourEyes, NotADecider } from '../deciders/errors.ts'
import { castVote, enterScope, findStanding, findVisible, insertVote, isIdentityLive } from '../deciders/queries.ts'
import { IdentityBoundary } from '../errors.ts'
import type { Gate } from '../gate.ts'
import { ensureLive } from '../perform.ts'
import { claimCheckpoint, findOwners, lockRowsOf, readGuard, shareFence, type CheckpointRow } from '../queries.ts'
import type { Decision, Verdict } from './decide-checkpoint.ts'

/** A decision that was taken, or a vote that was counted. */
export type Claimed = {
  checkpoint: CheckpointRow
  /** False: the vote counts, and the checkpoint waits for others. */
  isDecided: boolean
  /** In whose scope the rest of the transaction runs, and for whom the effect is done: the checkpoint's identity and its user. */
  caller: Caller
  /** The decider is not the person whose identity it is. */
  isFor: boolean
}

type Wish = { verdict: Verdict; /** Ends what nobody can approve any more, by whoever found out. */ asDecider?: boolean }

/**
 * Takes a decision in an open transaction. The person whose identity it is decides in one statement, unless seats are
 * kept. Any other decider is looked up in their own scope; the transaction then enters the scope of the checkpoint's
 * identity, so that row-level security holds the effect to that identity and the decider sees nothing of it.
 */
export async function claim(gate: Gate, given: Decision, plain: Tx, { verdict, asDecider = false }: Wish): Promise<Claimed> {
  const { caller, id, note } = given
  const at = gate.platform.clock.now()
  const [, guards, , [own]] = await Promise.all([
    plain.send(shareFence(caller.identityId)),
    plain.send(readGuard(caller, at)),
    plain.send(lockRowsOf(caller.identityId, id)),
    plain.send(claimCheckpoint(plain.db, caller.identityId, id, { status: verdict, by: caller.userId, note, at, ...(asDecider ? { because: 'stale' } : {}) })),
  ])
  ensureLive(guards[0])
  if (own) return { checkpoint: own, isDecided: true, caller, isFor: false }

  const [[row], [standing]] = await Promise.all([plain.send(findVisible(plain.db, id)), plain.send(findStanding(id, caller.userId, at).compile(plain.db))])
  const seat = standing?.seat ?? null
  if (!row) throw await whyUnseen(plain, id)
  if (row.identity_id !== caller.identityId && seat === null) throw IdentityBoundary({ resource: { type: 'checkpoint', id } })
  ensureOpen(row, at)
  if (seat === null) throw row.exclude_requester && row.user_id === caller.userId ? FourEyes() : NotADecider()
  if (verdict === 'cancelled' && !asDecider) throw Forbidden({ en: 'Only who asked takes it back. Reject it instead.', fr: 'Seul le demandeur peut le retirer. Refusez-le plutôt.' })
  return vote(given, plain, { row, seat, verdict, at })
}

type Ballot = { row: CheckpointRow; seat: string; verdict: Verdict; at: Date }

async function vote({ caller, id, note }: Decision, plain: Tx, { row, seat, verdict, at }: Ballot): Promise<Claimed> {
  const theirs: Caller = { ...caller, identityId: row.identity_id as IdentityId, userId: row.user_id as UserId }
  const [, live, , [cast]] = await Promise.all([
    plain.send(enterScope(theirs).compile(plain.db)),
    plain.send(isIdentityLive(plain.db, theirs.identityId)),
    plain.send(lockRowsOf(theirs.identityId, id)),
    plain.send(castVote({ id, verdict, who: caller.userId, seat, note, at }).compile(plain.db)),
  ])
  if (live.length === 0) throw Forbidden({ en: 'That identity is no longer active.', fr: 'Cette identité n’est plus active.' })
  if (!cast) throw await whyNotCounted(plain, { id, who: caller.userId, at })
  plain.atClose(() => insertVote(plain.db, { checkpointId: id, identityId: row.identity_id, userId: caller.userId, seat, verdict, note, at }))
  return { checkpoint: cast, isDecided: cast.status !== 'pending', caller: theirs, isFor: row.user_id !== caller.userId }
}

async function whyUnseen(tx: Tx, id: string): Promise<Error> {
  const [owner] = await tx.send(findOwners(['checkpoint'], [id]).compile(tx.db))
  return owner ? IdentityBoundary({ resource: { type: 'checkpoint', id } }) : NotFound()
}

/** Someone was faster, or this person, or this seat, has had its say. */
async function whyNotCounted(tx: Tx, { id, who, at }: { id: string; who: string; at: Date }): Promise<Error> {
  const [now] = await tx.send(findVisible(tx.db, id))
  if (!now) return Unauthenticated()
  ensureOpen(now, at)
  const missing = now.quorum - now.approved_by.length
  return now.approved_by.includes(who)
    ? Conflict({ en: `You have approved this already; ${missing} more must.`, fr: `Vous l’avez déjà approuvé ; il en manque ${missing}.` })
    : Conflict({ en: 'Somebody has voted in your place already.', fr: 'Quelqu’un a déjà voté à votre place.' })
}

/** Throws Gone for what expired, Conflict for what was decided or can never be. */
export function ensureOpen({ status, type, expires_at }: CheckpointRow, at: Date): void {
  if (status === 'expired' || (status === 'pending' && expires_at <= at)) {
    throw Gone({ en: 'This checkpoint expired. Ask again.', fr: 'Ce point de contrôle a expiré. Redemandez.' })
  }
  if (status !== 'pending' || type === 'identity_boundary') throw Conflict({ en: `This checkpoint is ${status}.`, fr: `Ce point de contrôle est dans l’état « ${status} ».` })
}
