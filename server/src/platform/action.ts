import type { z } from 'zod'
import type { EffectTx } from './ctx.ts'
import type { Bilingual } from './text.ts'

/** What an action does to the world; the policy decides by it (invariant 1). */
export const EFFECTS = ['READ', 'CREATE', 'UPDATE', 'DELETE', 'SEND', 'TRANSFER', 'PAYMENT', 'GRANT', 'EXECUTE'] as const
export type Effect = (typeof EFFECTS)[number]

/** A row by its type (as announced in `owned_types`) and id. */
export type Ref = { type: string; id: string }

/** Everything one can do: data with a name, an effect class, an input, an output and a `run` inside a transaction. */
export type Action<Input = unknown, Output = unknown> = {
  /** `noun.verb`, such as `notes.delete`; clients and audit rely on it. */
  name: string
  /** Version of the schema; part of the hash that an approval is bound to. */
  version: number
  effect: Effect
  /** False: cannot be undone, so that only the person does it without being asked, whatever its effect class. */
  reversible?: false
  /** True: waits for a decision even when the person themself asks for it. */
  alwaysAsks?: true
  /** A strict object; unknown members are refused. */
  input: z.ZodObject
  output: z.ZodType
  /** What the tool does, for a person or a model that chooses it. */
  title: Bilingual
  /** What this call will do, for the person who approves it; `titleOf` names a touched row by its title. */
  summary: (input: Input, titleOf: TitleOf) => Bilingual
  /** Puts what a person called by name into its fixed form (a contact's id, an address), before the boundary, the hash and the summary. */
  resolve?: (tx: EffectTx, input: Input) => Promise<Input>
  /** Refuses what cannot be done: before it is held, so that nobody approves it in vain, and again before it is run. */
  check?: (tx: EffectTx, input: Input) => Promise<void>
  /** Existing rows that the input names: the gate checks their owner and binds an approval to their versions. */
  touches?: (input: Input) => Ref[]
  /** The sphere that the call would write into; null when it is the sphere it works in. */
  sphereOf?: (input: Input) => number | null
  /** The row that the result is about, for the audit. */
  about?: (output: Output) => Ref
  /** Nouns by which a person calls its object; the offline planner reads them. */
  words?: { en: string[]; fr: string[] }
  run(tx: EffectTx, input: Input): Promise<Output>
}

/** The title of a row that the input names; its id when it has none. */
export type TitleOf = (id: string) => string

export type AnyAction = Action<never, never>

type Definition<I extends z.ZodObject, O extends z.ZodType> = Omit<Action<z.output<I>, z.input<O>>, 'input' | 'output' | 'version'> & { input: I; output: O; version?: number }

/** Declares an action with its types taken from its schemas. */
export const defineAction = <I extends z.ZodObject, O extends z.ZodType>(definition: Definition<I, O>): Action<z.output<I>, z.input<O>> =>
  ({ version: 1, ...definition })
