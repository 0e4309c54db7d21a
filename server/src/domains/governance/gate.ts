import type { AnyAction } from '../../platform/action.ts'
import type { Caller, EffectTx, Platform, Via } from '../../platform/ctx.ts'
import type { Tx } from '../../platform/db/store.ts'
import type { IdentityId, UserId } from '../../platform/ids.ts'
import type { Language } from '../../platform/text.ts'
import type { Engine } from '../policies/engine/engine.ts'
import type { Untrusted } from '../policies/engine/question.ts'
import type { Requirement, Role } from '../policies/requirement.ts'
import type { CheckpointRow } from './queries.ts'

/** An answer as it goes over the wire and is kept under its Idempotency-Key. */
export type Answer = { status: number; headers: Record<string, string>; body: unknown }

/** What became of a call at the gate. */
export type Performed =
  | { kind: 'done'; args: Record<string, unknown>; output: unknown; policies: string[]; auditEventId: string }
  | { kind: 'held'; args: Record<string, unknown>; policies: string[]; checkpoint: CheckpointRow; auditEventId: string | null }
  | { kind: 'replayed'; answer: Answer | null; runId: string | null }

/** One call: which action, with what, for whom, and what else belongs into its commit. */
export type Call = {
  action: AnyAction
  given: unknown
  caller: Caller
  via: Via
  /** The sphere that the call works in; null when it names none. */
  sphereId: number | null
  requestId: string
  runId: string | null
  /** The thread that the call belongs to; a grant may be for that thread alone. */
  threadId?: string | null
  /** What is left of the budget, in credits; null: the call costs none. */
  budgetLeft?: number | null
  /** A step of a run that was let in before: a hold lets it end. */
  begun?: boolean
  /** Ask the human first even where the policy would allow. */
  ask?: boolean
  /** Who must say yes besides those whom the policy names; the stricter of both holds. */
  requirement?: Requirement | undefined
  /** Texts of others that were read before this call, and may have led to it; its approver sees them. */
  untrusted?: Untrusted[]
  /** Words that the approver sees apart from the facts: what the person asked for, and what the agent said. */
  said?: { request: string | null; agent: string | null }
  /** The checkpoint that the one of this call is opened instead of; it always asks. */
  instead?: Instead | undefined
  /** Told when the gate has ruled (D), has put the call before a human (E), and has done it (F). */
  onLane?: ((lane: 'D' | 'E' | 'F') => void) | undefined
  idempotency?: { route: string; key: string; requestHash: string } | undefined
  /** The answer to keep under the key; called inside the commit. */
  answer?: ((outcome: Performed) => Answer) | undefined
  /** Adds closing statements of the caller (a run's row) to the commit of the effect or of the checkpoint. */
  close?: ((tx: EffectTx, outcome: Performed) => void) | undefined
}

/** A new checkpoint in the place of an old one: edited, asked anew, or repeated. Both change in one commit. */
export type Instead = {
  parentId: string
  /** Ends the old one; throws when somebody was faster. */
  take(tx: EffectTx): Promise<void>
  /** Adds to the commit what else belongs to the change. */
  opened(tx: EffectTx, checkpoint: CheckpointRow): void
}

export type Decided = { checkpoint: CheckpointRow; verdict: 'approved' | 'rejected' | 'expired' | 'cancelled'; output?: unknown; auditEventId?: string; /** Milliseconds that the approved effect took. */ executionMs?: number; error?: { code: string; detail: { en: string; fr: string } } }

/** `edited`: the person changed the arguments; `stale`: what it was about had changed, so it is asked anew. */
export type Replaced = { from: CheckpointRow; to: CheckpointRow; because: 'edited' | 'stale'; note: string | null }

/** How a way of calling goes on after its checkpoint was decided. */
export type Continuation = {
  /** Reads what waits for the decision; sent beside what the effect reads first. */
  load(tx: Tx, checkpoint: CheckpointRow): Promise<unknown>
  /** Adds to the commit of the decision what belongs to the run; what it returns is handed to `resume`. */
  close(tx: EffectTx, decided: Decided, loaded: unknown): unknown
  /** Lets what waits at a checkpoint wait at the one that was opened in its place. */
  replace(tx: EffectTx, replaced: Replaced, loaded: unknown): void
  /** Carries the run on after that commit; what it returns is shown as `run`. */
  resume(carried: unknown, decided: Decided, given: { caller: Caller; requestId: string; language: Language }): Promise<unknown>
}

/** The one gate of an instance (product.md, invariant 1). */
export type Gate = {
  platform: Platform
  actions: ReadonlyMap<string, AnyAction>
  /** Decides by the rules in writing. */
  engine: Engine
  continuations: Map<Via, Continuation>
  /** Who may decide for an identity by that role; with none, the person whose identity it is. */
  deciders: (tx: Tx, of: { identityId: IdentityId; role: Role | null }) => Promise<UserId[]>
  /** The person here who has that e-mail address. */
  findPerson: (tx: Tx, email: string) => Promise<UserId | undefined>
}
