import { z } from 'zod'
import { CHECKPOINT_TYPES } from '../contract.ts'

export const Evaluate = z.strictObject({
  tool: z.string().min(3).max(100), args: z.record(z.string().max(100), z.unknown()),
  as: z.enum(['person', 'nova']).default('person').describe('Who would do it: yourself over this API, or Nova for you.'),
  sphere_id: z.int().min(1).max(15).optional().describe('The sphere that the call would work in.'),
  thread_id: z.uuid().optional(),
})

const Because = z.object({
  id: z.string(),
  /** In the language of the reader; null for what is not a rule in writing. */
  sentence: z.string().nullable(),
})

export const Evaluation = z.object({
  verdict: z.enum(['allow', 'hold', 'deny']),
  /** The status that the call would have. */
  status: z.int(),
  code: z.string().nullable(),
  effect: z.string(), policies: z.array(Because), laws: z.array(z.string()),
  checkpoint_type: z.enum(CHECKPOINT_TYPES).nullable(),
  /** Who would have to say yes; null: nobody. */
  missing_approvals: z.object({ approvers: z.int(), role: z.string().nullable(), excludes_requester: z.boolean(), expires_minutes: z.number().nullable() }).nullable(),
  /** The standing grant that would cover it. */
  grant_id: z.uuid().nullable(),
  set_version: z.string(),
  shadow: z.object({ verdict: z.string(), policies: z.array(z.string()) }).nullable(),
})

const Enforced = z.object({ by: z.enum(['policy', 'guard']), id: z.string(), file: z.string(), status: z.enum(['draft', 'shadow', 'active', 'retired', 'in_code']) })
const Article = z.object({ id: z.string(), sentence: z.string(), sentence_text: z.object({ en: z.string(), fr: z.string() }), enforced_by: z.array(Enforced) })

export const Constitution = z.object({
  laws: z.array(Article.extend({ title: z.string(), title_text: z.object({ en: z.string(), fr: z.string() }), strength: z.enum(['strict', 'standard']) })),
  rules: z.array(Article.extend({ laws: z.array(z.string()) })),
})
