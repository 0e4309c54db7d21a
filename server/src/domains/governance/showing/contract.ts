import { z } from 'zod'

/** Kinds of marks that make a text look like something else than it is. */
export const MARK_CODES = ['bidi_control', 'invisible', 'mixed_script', 'lookalike', 'styled', 'punycode'] as const
export type MarkCode = (typeof MARK_CODES)[number]

const Text = z.object({ en: z.string(), fr: z.string() })

/**
 * What the approver of a checkpoint is shown: facts, taken from the stored action and the rows, never from what an agent
 * says about them. What others wrote is in it with every invisible character written out (`⟨U+202E⟩`).
 */
export const Shown = z.object({
  /** Who asks: the person, or what works for them. */
  asked_by: z.object({ kind: z.string(), id: z.string(), name: z.string() }),
  /** For whom it would be done. */
  on_behalf_of: z.object({ identity_id: z.uuid(), identity: z.string(), type: z.string(), person: z.string() }),
  action: z.object({ tool: z.string(), effect: z.string(), title: Text }),
  /** The rows that it names, by their titles. */
  targets: z.array(z.object({ type: z.string(), id: z.string(), title: z.string() })),
  recipients: z.array(z.object({ name: z.string().nullable(), address: z.string() })),
  amount: z.object({ minor: z.int(), currency: z.string(), text: Text }).nullable(),
  /** How many things it is done to. */
  count: z.int(),
  /** The arguments of the action; long texts are cut with `…`. */
  content: z.array(z.object({ field: z.string(), value: z.unknown() })),
  /** The difference that it makes: what a row says before and after; `after` null: nothing is left of it there. */
  changes: z.array(z.object({ type: z.string(), id: z.string(), title: z.string(), fields: z.array(z.object({ field: z.string(), before: z.unknown(), after: z.unknown() })) })),
  undo: z.object({ possible: z.boolean(), how: Text.nullable() }),
  /** The policies that asked for a human. */
  policies: z.array(z.string()),
  /** Texts of others that were read before this was asked, and may have led to it. */
  untrusted: z.array(z.object({ tool: z.string(), ref: z.string().nullable() })),
  /** Words apart from the facts: what the person had asked for, and what the agent says about it. */
  said: z.object({ request: z.string().nullable(), agent: z.string().nullable() }),
  /** Characters that deceive the eye, and where they stand. */
  warnings: z.array(z.object({ code: z.enum(MARK_CODES), where: z.string(), found: z.string() })),
})
export type Shown = z.output<typeof Shown>
