import type { CallerCtx } from '../../../platform/ctx.ts'
import type { Tx } from '../../../platform/db/store.ts'
import { isProblem, Problem } from '../../../platform/errors.ts'
import { renderProblem } from '../../../platform/http/problem.ts'
import { Conflict, NotFound } from '../../../platform/problems.ts'
import { asBudgetExceeded } from '../../budgets/over-budget.ts'
import { ensurePerson } from '../deciders/ensure-person.ts'
import { BatchRefused } from '../deciders/errors.ts'
import { IdentityBoundary } from '../errors.ts'
import type { Gate } from '../gate.ts'
import { findOwners, listVisible } from '../queries.ts'
import { recordRefusal } from '../refusals.ts'
import { approve, goOn, reject, take, type Decision, type Settled, type Taken } from './decide-checkpoint.ts'
import { EffectFailed } from './spend.ts'

export type Batch = { ids: string[]; mode: 'all_or_nothing' | 'each'; verdict: 'approved' | 'rejected'; note: string | null }
export type Item = { id: string; settled: Settled | null; problem: ReturnType<typeof renderProblem> | null }

/**
 * Decides many at once, each named by its id. All or nothing is one transaction over all the effects; item by item, each
 * is a decision of its own. One foreign id in the list, and nothing is done.
 */
export async function decideMany(gate: Gate, ctx: CallerCtx, batch: Batch): Promise<Item[]> {
  ensurePerson(ctx.caller)
  await ensureNoForeign(gate, ctx, batch)
  return batch.mode === 'each' ? decideEach(gate, ctx, batch) : decideAll(gate, ctx, batch)
}

const decisionOf = (ctx: CallerCtx, id: string, note: string | null): Decision => ({ caller: ctx.caller, requestId: ctx.requestId, language: ctx.language, id, note })

async function ensureNoForeign(gate: Gate, { caller, now }: CallerCtx, { ids, mode }: Batch): Promise<void> {
  const [seen, owners] = await gate.platform.store.within(caller, (tx) => Promise.all([
    tx.send(listVisible(ids, caller, now()).compile(tx.db)), tx.send(findOwners(ids.map(() => 'checkpoint'), ids).compile(tx.db)),
  ]))
  const isSeen = (id: string): boolean => seen.some((row) => row.id === id)
  for (const [at, id] of ids.entries()) {
    const exists = owners.some(({ position }) => position === at + 1)
    if (exists && !isSeen(id)) throw IdentityBoundary({ resource: { type: 'checkpoint', id } })
    if (!exists && mode === 'all_or_nothing') throw NotFound()
  }
  if (mode === 'all_or_nothing' && seen.some(({ identity_id }) => identity_id !== caller.identityId)) {
    throw Conflict({ en: 'What you decide for others is decided item by item (mode each).', fr: 'Ce que vous décidez pour d’autres se décide un par un (mode each).' })
  }
}

async function decideEach(gate: Gate, ctx: CallerCtx, { ids, verdict, note }: Batch): Promise<Item[]> {
  const items: Item[] = []
  for (const id of ids) {
    try {
      items.push({ id, settled: await (verdict === 'approved' ? approve : reject)(gate, decisionOf(ctx, id, note)), problem: null })
    } catch (error) {
      if (!isProblem(error)) throw error
      items.push({ id, settled: null, problem: bodyOf(ctx, error) })
    }
  }
  return items
}

const bodyOf = ({ requestId, language }: CallerCtx, problem: Problem): ReturnType<typeof renderProblem> => renderProblem(problem, { id: requestId, headers: { 'accept-language': language } })

/** In the order of their ids, so that two batches over the same checkpoints do not wait for each other in a circle. */
async function decideAll(gate: Gate, ctx: CallerCtx, { ids, verdict, note }: Batch): Promise<Item[]> {
  const taken = await gate.platform.store.within(ctx.caller, async (plain) => {
    const done = new Map<string, Taken>()
    for (const id of ids.toSorted()) done.set(id, await takeOrRefuse(id, () => take(gate, decisionOf(ctx, id, note), { verdict }, apart(plain))))
    return done
  }).catch(async (thrown: unknown) => {
    const error = asBudgetExceeded(thrown, ctx.now())
    await recordRefusal(gate.platform, { caller: ctx.caller, via: 'rest', requestId: ctx.requestId, runId: null }, error)
    throw error
  })
  const items: Item[] = []
  for (const id of ids) items.push({ id, settled: await goOn(gate, decisionOf(ctx, id, note), taken.get(id) as Taken), problem: null })
  return items
}

/** The same transaction, told apart by what an effect says of itself: that it leaves the house. */
const apart = (plain: Tx): Tx => ({ ...plain, atClose: (closing) => { plain.atClose(closing) } })

/** What refuses one refuses all, and is named; what stops everything (the fence, a session that ended) is answered as it is. */
async function takeOrRefuse(id: string, work: () => Promise<Taken>): Promise<Taken> {
  try {
    return await work()
  } catch (error) {
    const problem = error instanceof EffectFailed ? error.problem : error
    if (!(problem instanceof Problem) || problem.status === 401 || problem.status >= 500 || problem.code === 'step_up_required') throw error
    throw BatchRefused({ id, problem })
  }
}
