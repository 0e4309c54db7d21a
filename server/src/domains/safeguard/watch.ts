import type { Platform } from '../../platform/ctx.ts'
import type { Tx } from '../../platform/db/store.ts'
import { emit } from '../../platform/events/emit.ts'
import type { CommittedEvent } from '../../platform/events/event.ts'
import { newId, type IdentityId, type UserId } from '../../platform/ids.ts'
import { instanceScene } from '../audit/instance.ts'
import { record } from '../audit/record.ts'
import { nextState, scoreOf, type Levels, type State } from './assess.ts'
import { SafeguardAlert, SafeguardChanged } from './events.ts'
import { RULES, SEVERAL, type Answer, type Kind, type Severity } from './kinds.ts'
import { countAnswersOf, countBySeverity, countSources, insertAnswer, insertSighting, lockSafeguard, sumSightings, updateSafeguard } from './queries.ts'
import { sightingOf, type Sighting } from './sighting.ts'

const ROLE = 'safeguard'
const BY = { by: ROLE }

/** The platform with the limits and levels that the settings name. */
export type Post = { platform: Platform; limits: Readonly<Record<Kind, number>>; levels: Levels }

/**
 * Takes note of one event, in the follower's transaction: so each is counted once, on however many nodes. The safeguard's
 * row is locked first; what is seen at the same time is counted one after the other, and no limit is crossed twice.
 */
export async function watch(post: Post, tx: Tx, event: CommittedEvent): Promise<{ answered: boolean }> {
  const sighting = sightingOf(event)
  if (!sighting) return { answered: false }
  const { settings, clock } = post.platform
  const now = clock.now()
  const before = await lockSafeguard(tx.db).executeTakeFirstOrThrow()
  const windowStart = new Date(Math.max(now.getTime() - settings.SAFEGUARD_WINDOW_MINUTES * 60_000, before.counted_from.getTime()))
  const { kind, source } = sighting
  const [[sum], [given]] = await Promise.all([
    tx.send(sumSightings(tx.db, { kind, source, since: windowStart })), tx.send(countAnswersOf(tx.db, { kind, source, since: windowStart })),
    tx.send(insertSighting(tx.db, { id: newId(), kind, source, identityId: sighting.identityId, amount: sighting.amount, at: now })),
  ])
  const seen = Number(sum?.amount ?? 0) + sighting.amount
  const answersDue = Math.floor(seen / post.limits[kind])
  const answersGiven = Number(given?.count ?? 0)
  if (answersDue <= answersGiven) return { answered: false }
  const { severity, alone, together } = RULES[kind]
  const [others] = await tx.send(countSources(tx.db, { kind, except: source, since: windowStart }))
  await answer(post, tx, { sighting, severity, answer: Number(others?.count ?? 0) + 1 >= SEVERAL ? together : alone })
  await assess(post, tx, { state: before.state as State, since: windowStart })
  return { answered: true }
}

type Due = { sighting: Sighting; severity: Severity; answer: Answer }

/** What is answered is a row first: it is given after the commit, by whichever node comes first, and again after a crash. */
async function answer({ platform: { settings, clock } }: Post, tx: Tx, { sighting, severity, answer: wanted }: Due): Promise<void> {
  const at = clock.now()
  const { kind, source, identityId, userId, actor } = sighting
  // Who can be blocked alone has a source; what comes from nobody in particular can only be told, or answered with the fleet.
  const reachable: Answer = wanted === 'temporary_block' && identityId === null ? 'alert' : wanted
  const chosen: Answer = settings.SAFEGUARD === 'watch' ? 'alert' : reachable
  await tx.send(insertAnswer(tx.db, { id: newId(), kind, severity, answer: chosen, source, identityId, actorKind: actor?.kind ?? null, actorId: actor?.id ?? null, at, given: chosen === 'alert' }))
  emit({ ...tx, identityId: identityId as IdentityId | null, userId: userId as UserId | null, now: () => at }, SafeguardAlert, { kind, severity, answer: chosen })
  record(tx, instanceScene({ role: ROLE, requestId: newId(), now: () => at }), { action: 'safeguard.violation', outcome: 'denied', details: { kind, severity, answer: chosen, would_answer: reachable } })
}

/** The state of the whole, from the violations in the window. A state of dispersal is answered with one. */
async function assess({ platform: { settings, clock }, levels }: Post, tx: Tx, { state, since }: { state: State; since: Date }): Promise<void> {
  const at = clock.now()
  const counts: Record<Severity, number> = { low: 0, medium: 0, high: 0 }
  for (const row of await tx.send(countBySeverity(tx.db, since))) counts[row.severity as Severity] = Number(row.count)
  const score = scoreOf(counts)
  const next = nextState(state, counts, levels)
  await tx.send(updateSafeguard(tx.db, { state: next, score, at, reason: `score ${score}`, ...BY }))
  if (next === state) return
  emit({ ...tx, identityId: null, userId: null, now: () => at }, SafeguardChanged, { state: next, from: state, score, ...BY })
  record(tx, instanceScene({ role: ROLE, requestId: newId(), now: () => at }), { action: 'safeguard.changed', outcome: 'done', details: { from: state, to: next, score } })
  if (next !== 'dispersed' || settings.SAFEGUARD === 'watch') return
  await tx.send(insertAnswer(tx.db, { id: newId(), kind: 'state', severity: 'high', answer: 'total', source: 'instance', identityId: null, actorKind: null, actorId: null, at, given: false }))
}

/** Looks again without a new event: violations leave the window, and a critical state may become elevated. */
export const reassess = (post: Post): Promise<void> => post.platform.store.within({ service: 'safeguard' }, async (tx) => {
  const { settings, clock } = post.platform
  const before = await lockSafeguard(tx.db).executeTakeFirstOrThrow()
  if (before.state === 'nominal') return
  const since = new Date(Math.max(clock.now().getTime() - settings.SAFEGUARD_WINDOW_MINUTES * 60_000, before.counted_from.getTime()))
  await assess(post, tx, { state: before.state as State, since })
})
