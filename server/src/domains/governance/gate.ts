import type { AnyAction } from '../../platform/action.ts'
import type { Caller, EffectTx, Platform, Via } from '../../platform/ctx.ts'
import type { Tx } from '../../platform/db/store.ts'
import type { Language } from '../../platform/text.ts'
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
  /** A step of a run that was let in before: a hold lets it end. */
  begun?: boolean
  /** Ask the human first even where the policy would allow. */
  ask?: boolean
  /** Told when the gate has ruled (D), has put the call before a human (E), and has done it (F). */
  onLane?: ((lane: 'D' | 'E' | 'F') => void) | undefined
  idempotency?: { route: string; key: string; requestHash: string } | undefined
  /** The answer to keep under the key; called inside the commit. */
  answer?: ((outcome: Performed) => Answer) | undefined
  /** Adds closing statements of the caller (a run's row) to the commit of the effect or of the checkpoint. */
  close?: ((tx: EffectTx, outcome: Performed) => void) | undefined
}

export type Decided = { checkpoint: CheckpointRow; verdict: 'approved' | 'rejected' | 'expired' | 'cancelled'; output?: unknown; auditEventId?: string; /** Milliseconds that the approved effect took. */ executionMs?: number; error?: { code: string; detail: { en: string; fr: string } } }

/** How a way of calling goes on after its checkpoint was decided. */
export type Continuation = {
  /** Reads what waits for the decision; sent beside what the effect reads first. */
  load(tx: Tx, checkpoint: CheckpointRow): Promise<unknown>
  /** Adds to the commit of the decision what belongs to the run; what it returns is handed to `resume`. */
  close(tx: EffectTx, decided: Decided, loaded: unknown): unknown
  /** Carries the run on after that commit; what it returns is shown as `run`. */
  resume(carried: unknown, decided: Decided, given: { caller: Caller; requestId: string; language: Language }): Promise<unknown>
}

/** The one gate of an instance (product.md, invariant 1). */
export type Gate = {
  platform: Platform
  actions: ReadonlyMap<string, AnyAction>
  continuations: Map<Via, Continuation>
}
