import { z } from 'zod'
import { pageInput } from '../../platform/http/page.ts'
import { GRANT_DAYS_MAX, RULE_TEXT_MAX } from './limits.ts'

export const LAYERS = ['instance', 'identity'] as const
export const RULE_STATUSES = ['draft', 'shadow', 'active', 'retired'] as const
export const GRANT_KINDS = ['once', 'in_thread', 'always'] as const
export const VERDICTS = ['allow', 'hold', 'deny'] as const

const Sentences = z.object({ en: z.string(), fr: z.string() })
const OneLine = z.string().trim().min(1).max(300).regex(/^[^\p{Cc}]*$/u, 'one line')
const Written = {
  text: z.string().min(1).max(RULE_TEXT_MAX).describe('One policy in Cedar: a permit, or a forbid; with @hold it waits for a human instead of refusing.'),
  sentence: z.strictObject({ en: OneLine, fr: OneLine }).describe('What it does, for people.'),
}

export const CreateRule = z.strictObject({ name: z.string().trim().min(1).max(80).regex(/^[^\p{Cc}]*$/u, 'one line'), ...Written })
export const RuleKey = z.strictObject({ rule_id: z.uuid() })
export const ReviseRule = RuleKey.extend(Written)
export const ChangeRule = RuleKey.extend({
  confirm_forbids_removed: z.array(z.string().max(100)).max(10).optional().describe('The ids of what forbids today and would no longer, as 409 named them.'),
})
export const ListRules = z.strictObject({ ...pageInput, layer: z.enum(LAYERS).optional(), status: z.enum(RULE_STATUSES).optional() })

export const Rule = z.object({
  id: z.uuid(),
  /** The same in every version of a rule. */
  rule_id: z.uuid(),
  /** What answers and the record call it. */
  policy_id: z.string(),
  layer: z.enum(LAYERS), name: z.string(), text: z.string(), effect: z.enum(['permit', 'forbid']),
  /** In the language of the reader. */
  sentence: z.string(),
  sentence_text: Sentences, laws: z.array(z.string()),
  /** A user's id, `architect` or `chenu`. */
  author: z.string(),
  version: z.int(), status: z.enum(RULE_STATUSES), shipped: z.boolean(), created_at: z.iso.datetime(), updated_at: z.iso.datetime(),
})

export const ReplayRule = RuleKey.extend({ last: z.int().min(1).max(1_000).default(100).describe('How many of the last decisions to ask again.') })

const Said = z.object({ verdict: z.enum(VERDICTS), policies: z.array(z.string()) })

/** What a candidate would have said of decisions that were made. */
export const Replay = z.object({
  rule_id: z.uuid(),
  /** Decisions asked again. */
  replayed: z.int(),
  /** Decisions of which too little was kept to ask again. */
  skipped: z.int(),
  changed: z.array(z.object({ decision_id: z.uuid(), at: z.iso.datetime(), action: z.string(), effect: z.string(), was: Said, would_be: Said })),
})

const Pattern = z.union([z.string().min(1).max(500), z.int(), z.boolean()])

export const CreateGrant = z.strictObject({
  tool: z.string().min(3).max(100),
  pattern: z.record(z.string().min(1).max(100), Pattern).describe('What each named argument must be: the exact value, or a text that ends with *, which stands for any ending.'),
  kind: z.enum(GRANT_KINDS),
  thread_id: z.uuid().optional().describe('The thread, for in_thread.'),
  ends_at: z.iso.datetime().describe(`When it ends, at most ${GRANT_DAYS_MAX} days ahead.`),
})
export type GrantInput = z.output<typeof CreateGrant>
export const GrantKey = z.strictObject({ grant_id: z.uuid() })
export const ListGrants = z.strictObject(pageInput)

export const Grant = z.object({
  id: z.uuid(), tool: z.string(), pattern: z.record(z.string(), Pattern), kind: z.enum(GRANT_KINDS), thread_id: z.uuid().nullable(),
  status: z.enum(['live', 'spent', 'ended', 'revoked']), created_at: z.iso.datetime(), ends_at: z.iso.datetime(), revoked_at: z.iso.datetime().nullable(),
  uses: z.int(), last_used_at: z.iso.datetime().nullable(), checkpoint_id: z.uuid(),
})

export const ListDecisions = z.strictObject({ ...pageInput, verdict: z.enum(VERDICTS).optional() })

export const DecisionOnRecord = z.object({
  id: z.uuid(), at: z.iso.datetime(), action: z.string(), effect: z.string(), verdict: z.enum(VERDICTS), policies: z.array(z.string()), set_version: z.string(),
  /** What the set with the rules in shadow would have said; null: there were none. */
  shadow: Said.nullable(),
  grant_id: z.uuid().nullable(), checkpoint_id: z.uuid().nullable(),
})
