import { z } from 'zod'

/** Summarise, extract, structure, compare, analyse, generate, decide, plan, reformulate, verify, map, classify. */
export const ACTS = ['SUM', 'EXT', 'STR', 'CMP', 'ANA', 'GEN', 'DEC', 'PLN', 'REF', 'VER', 'MAP', 'CLS'] as const
/** Selection, document, workspace, meeting, external, or several of them. */
export const SOURCES = ['SEL', 'DOC', 'WS', 'MTG', 'EXT', 'MIX'] as const
/** How far the work may reach; LOCK freezes it to the rows that are named. */
export const SCOPES = ['SEL', 'DOC', 'WS', 'MTG', 'LOCK'] as const
/** Analyse, prepare for a decision, draft, check, or none of them. */
export const MODES = ['ANA', 'PREP', 'DRAFT', 'CHECK', 'NONE'] as const
/** Facts, risks, constraints, opportunities, next steps, decisions, gaps, options. */
export const FOCI = ['FACT', 'RISK', 'CONS', 'OPP', 'NEXT', 'DEC', 'GAP', 'OPT'] as const
export const OUTPUTS = ['MD', 'JSON', 'HTML', 'TXT', 'TABLE', 'CHART'] as const
export const LENGTHS = ['XS', 'S', 'M', 'L', 'XL', 'AUTO'] as const

export type Act = (typeof ACTS)[number]
export type Source = (typeof SOURCES)[number]
export type Scope = (typeof SCOPES)[number]
export type Mode = (typeof MODES)[number]
export type Focus = (typeof FOCI)[number]

const FOCUS_MAX = 5

const fields = z.strictObject({
  act: z.enum(ACTS),
  src: z.enum(SOURCES),
  scope: z.enum(SCOPES),
  mode: z.enum(MODES),
  /** Most important first, each once. */
  focus: z.array(z.enum(FOCI)),
  out: z.enum(OUTPUTS),
  len: z.enum(LENGTHS),
  flags: z.strictObject({
    rw: z.boolean().describe('Existing words or rows are rewritten'),
    unc: z.boolean().describe('The request carries a doubt'),
    sens: z.boolean().describe('Sensitive content'),
    trace: z.boolean().describe('Every step leaves a trace'),
  }),
})

export type EncodingDraft = Partial<z.infer<typeof fields>>

const rules = {
  act_required: ({ act }) => act !== undefined,
  src_required: ({ src }) => src !== undefined,
  scope_required: ({ scope }) => scope !== undefined,
  mode_required: ({ mode }) => mode !== undefined,
  sens_forces_lock: ({ flags, scope }) => !flags?.sens || scope === 'LOCK',
  no_rw_in_ana: ({ flags, mode }) => !flags?.rw || mode !== 'ANA',
  lock_excludes_ws: ({ scope, src }) => scope !== 'LOCK' || src !== 'WS',
  focus_at_most_5: ({ focus = [] }) => focus.length <= FOCUS_MAX,
  focus_once: ({ focus = [] }) => new Set(focus).size === focus.length,
  trace_required: ({ flags }) => flags?.trace === true || !(flags?.sens || flags?.rw),
} satisfies Record<string, (draft: EncodingDraft) => boolean>

export type EncodingRule = keyof typeof rules
export const ENCODING_RULES = Object.keys(rules) as EncodingRule[]

/** The rules that a draft breaks, in their fixed order; none means that it is an `Encoding`. */
export const brokenRules = (draft: EncodingDraft): EncodingRule[] => ENCODING_RULES.filter((rule) => !rules[rule](draft))

/** The compact form of an intent, always shown to its owner. What parses breaks no rule. */
export const Encoding = fields.superRefine((draft, context) => {
  for (const rule of brokenRules(draft)) context.addIssue({ code: 'custom', message: rule })
})
export type Encoding = z.infer<typeof Encoding>
