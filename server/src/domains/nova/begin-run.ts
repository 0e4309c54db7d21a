import type { z } from 'zod'
import type { CallerCtx } from '../../platform/ctx.ts'
import type { Tx } from '../../platform/db/store.ts'
import { newId } from '../../platform/ids.ts'
import type { Ref } from '../../platform/action.ts'
import { CrossSphere } from '../governance/errors.ts'
import { ensureOwn } from '../governance/ensure-own.ts'
import { sphereIdOf } from '../spheres/sphere-id.ts'
import { takeSnapshot } from './context-snapshot.ts'
import type { Query } from './contract.ts'
import { encode } from './encoding/encode.ts'
import { EmptyQuery } from './errors.ts'
import type { Nova } from './nova.ts'
import { plan } from './plan.ts'
import { resolveReferences } from './resolve-references.ts'
import { freshLanes, timeLanes, type Command, type LaneTimer, type RunState } from './run/run-state.ts'

export type Begun = { run: RunState; commands: Command[]; timer: LaneTimer }

/** Lanes A to C: intent, context, encoding. Nothing is written and nothing is done yet. */
export async function beginRun(nova: Nova, ctx: CallerCtx, input: z.output<typeof Query>): Promise<Begun> {
  const { caller } = ctx
  const message = input.message.trim()
  if (!message && !input.action) throw EmptyQuery()
  const now = ctx.now()
  const lanes = freshLanes()
  const timer = timeLanes(lanes)
  const planned = plan(nova, { message, action: input.action ?? null, now, language: ctx.language })
  timer.end('A')
  const sphereId = sphereIdOf(input.sphere_id) ?? caller.spheres?.[0] ?? null
  if (sphereId !== null && caller.spheres && !caller.spheres.includes(sphereId)) throw CrossSphere({ policies: ['key_spheres'] })
  const threadId = input.thread_id ?? null
  const { snapshot, hash, commands } = await lookAround(ctx, { planned, sphereId, threadId, now })
  timer.end('B')
  const effects = commands.map(({ tool }) => nova.gate.actions.get(tool)?.effect ?? 'EXECUTE')
  const effect = effects.find((one) => one !== 'READ') ?? effects[0] ?? 'READ'
  const { compact, quality } = encode({ text: message || (commands[0]?.tool ?? ''), effect, sensitive: planned.intent.requires_checkpoint, intent: planned.intent.type })
  timer.end('C')
  const run: RunState = {
    id: newId(), identityId: caller.identityId, userId: caller.userId, sessionId: caller.sessionId, sphereId, threadId, requestId: ctx.requestId, language: planned.language ?? ctx.language,
    message, planner: planned.planner, status: 'processing', intent: planned.intent, lanes, snapshot, snapshotHash: hash,
    encoding: { compact, quality: { score: quality.score, grade: quality.grade } }, actions: [], output: null, usage: { input_tokens: 0, output_tokens: 0 },
    cost: { micro_usd: 0, kind: 'reported' }, credits: 0, checkpointId: null, auditEventId: null, error: null, remaining: null, version: 1, createdAt: now, completedAt: null,
  }
  return { run, commands, timer }
}

type Around = { planned: { planner: string; commands: Command[] }; sphereId: number | null; threadId: string | null; now: Date }

/** Lane B reads the database only where it must: for a thread, or for rows that the planner knows by their title. */
async function lookAround(ctx: CallerCtx, { planned, sphereId, threadId, now }: Around) {
  const { identityId } = ctx.caller
  const look = async (tx: Tx | null) => {
    const { snapshot, hash } = await takeSnapshot(tx, { identityId, sphereId, threadId, at: now })
    const commands = tx && planned.planner === 'offline' ? await resolveAll(tx, planned.commands, sphereId) : planned.commands
    return { snapshot, hash, commands }
  }
  if (!threadId && planned.planner !== 'offline') return look(null)
  return ctx.platform.store.within(ctx.caller, async (tx) => {
    const thread: Ref[] = threadId ? [{ type: 'thread', id: threadId }] : []
    await ensureOwn(tx, identityId, thread)
    return look(tx)
  })
}

/** One after the other: when one is refused, no statement of another may still be on its way. */
async function resolveAll(tx: Tx, commands: Command[], sphereId: number | null): Promise<Command[]> {
  const resolved: Command[] = []
  for (const { tool, args } of commands) resolved.push({ tool, args: await resolveReferences(tx, args, sphereId) })
  return resolved
}
