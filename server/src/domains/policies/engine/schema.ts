import type { SchemaJson, TypeOfAttribute } from '@cedar-policy/cedar-wasm/nodejs'
import { EFFECTS } from '../../../platform/action.ts'
import type { Actor } from '../../../platform/ctx.ts'

/** The entity type of each kind of actor. */
export const PRINCIPALS: Record<Actor['kind'], string> = { person: 'Person', nova: 'Nova', agent: 'Agent', automation: 'Automation', api_key: 'ApiKey', system: 'System' }

const record = (attributes: Record<string, TypeOfAttribute<string>>) => ({ type: 'Record' as const, attributes })
const entity = (name: string) => ({ type: 'Entity' as const, name })
const optional = <T extends object>(type: T): T & { required: false } => ({ ...type, required: false })
const TEXT = { type: 'String' } as const
const NUMBER = { type: 'Long' } as const
const FLAG = { type: 'Boolean' } as const
const TEXTS = { type: 'Set', element: TEXT } as const

/** What every request says beside who, what and on which row; docs/guides/policies.md explains each. */
const CONTEXT = record({
  via: TEXT, args: entity('Arguments'), args_complete: FLAG, reversible: FLAG, cross_sphere: FLAG, hour: NUMBER, weekday: NUMBER, untrusted: TEXTS,
  amount: optional(NUMBER), currency: optional(TEXT), recipients: optional(NUMBER), budget_left: optional(NUMBER), thread: optional(TEXT), grant: optional(TEXT),
  approval: optional(record({ given: NUMBER, roles: TEXTS, requester_excluded: FLAG })),
})

const RECORD = record({ type: TEXT, sphere: optional(NUMBER), owner: entity('Identity'), sensitivity: TEXT })

/** Everything that a policy can speak of: each registered action stands in the group of its effect class. */
export function buildSchema(actions: Iterable<{ name: string; effect: string }>): SchemaJson<string> {
  const principals = Object.values(PRINCIPALS)
  const appliesTo = { principalTypes: principals, resourceTypes: ['Record'], context: CONTEXT }
  return {
    '': {
      entityTypes: {
        Identity: { shape: record({}) },
        Arguments: { shape: record({}), tags: TEXT },
        Record: { shape: RECORD },
        ...Object.fromEntries(principals.map((name) => [name, { shape: record({ identity: entity('Identity') }) }])),
      },
      actions: {
        ...Object.fromEntries(EFFECTS.map((effect) => [effect, {}])),
        ...Object.fromEntries([...actions].filter(({ effect }) => (EFFECTS as readonly string[]).includes(effect)).map(({ name, effect }) => [name, { memberOf: [{ id: effect }], appliesTo }])),
      },
    },
  }
}
