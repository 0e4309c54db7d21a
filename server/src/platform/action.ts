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
  /** How sensitive the rows are that it works on; left out: normal. Policies read it. */
  sensitivity?: 'normal' | 'sensitive' | 'restricted'
  /** Its output carries text that others wrote, so that what a run does afterwards may have been led by it. */
  untrusted?: true
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
  /** What policies may weigh: the amount in minor units of its currency, and to how many it goes. */
  facts?: (input: Input) => { amountMinor?: number; currency?: string; recipients?: number }
  /** The row that the result is about, for the audit. */
  about?: (output: Output) => Ref
  /** Credits that it costs an agent; 1 when left out. What the person does themself costs none. */
  credits?: number
  /** False: no API key may do it, whatever its scopes, for it changes accounts, keys or rights. */
  keys?: false
  /** What the action alone knows of what a call will do, for the person who approves it; the rest is read from the input and the rows. */
  shows?: (input: Input, seen: Seen) => Shows
  /** Its result holds a secret that is shown once: it is kept nowhere, not with its checkpoint either. */
  secretOutput?: true
  /** Nouns by which a person calls its object; the offline planner reads them. */
  words?: { en: string[]; fr: string[] }
  run(tx: EffectTx, input: Input): Promise<Output>
}

/** The title of a row that the input names; its id when it has none. */
export type TitleOf = (id: string) => string

/** A row as its owner may read it, before the call; null when its type shows nothing. */
export type RowBefore = Record<string, unknown> | null

/** What is known of a call before it is done: the rows that it touches, in the order of `touches`, and their titles. */
export type Seen = { rows: RowBefore[]; titleOf: TitleOf }

/** One member of a row before and after; null for nothing. */
export type FieldChange = { field: string; before: unknown; after: unknown }

/** What is left out is read from the input, the touched rows and the effect class. */
export type Shows = {
  recipients?: Array<{ name: string | null; address: string }>
  amount?: { minor: number; currency: string; text: Bilingual }
  /** How many things it is done to. */
  count?: number
  /** How it can be undone; null: it cannot. */
  undo?: Bilingual | null
  /** The difference that it makes to the first touched row. */
  fields?: FieldChange[]
}

export type AnyAction = Action<never, never>

type Definition<I extends z.ZodObject, O extends z.ZodType> = Omit<Action<z.output<I>, z.input<O>>, 'input' | 'output' | 'version'> & { input: I; output: O; version?: number }

/** Declares an action with its types taken from its schemas. */
export const defineAction = <I extends z.ZodObject, O extends z.ZodType>(definition: Definition<I, O>): Action<z.output<I>, z.input<O>> =>
  ({ version: 1, ...definition })
