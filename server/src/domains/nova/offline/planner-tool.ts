import { z } from 'zod'
import type { AnyAction, Effect } from '../../../platform/action.ts'
import type { Bilingual } from '../../../platform/text.ts'
import { roleOf, type FieldRole } from './field-role.ts'

/** One argument of a tool, as its JSON Schema declares it, and what it is for. */
export type PlannerField = { name: string; required: boolean; role: FieldRole; choices: string[] | null }

/** A tool as the grammar sees it: what it is called, what it takes, and what people call its object. */
export type PlannerTool = {
  name: string
  /** The kind of record that it is about: `note` of `notes.create`. */
  kind: string
  verb: string
  effect: Effect
  title: Bilingual | null
  fields: PlannerField[]
  nouns: { en: string[]; fr: string[] }
}

type Property = { type?: string; format?: string; enum?: string[]; anyOf?: Property[] }
type Schema = { properties?: Record<string, Property>; required?: string[] }

/** Reads a registered action into what the grammar needs; nothing about a single tool is written in the grammar itself. */
export const plannerToolOf = (action: Pick<AnyAction, 'name' | 'effect' | 'input' | 'words'> & Partial<Pick<AnyAction, 'title'>>): PlannerTool =>
  plannerToolOfSchema({ name: action.name, effect: action.effect, title: action.title ?? null, nouns: action.words }, z.toJSONSchema(action.input, { io: 'input' }) as Schema)

/** The same from a tool's published JSON Schema. */
export function plannerToolOfSchema({ name, effect, title, nouns }: { name: string; effect: Effect; title: Bilingual | null; nouns: PlannerTool['nouns'] | undefined }, schema: Schema): PlannerTool {
  const [domain = '', verb = ''] = name.split('.')
  const kind = domain.replace(/ies$/, 'y').replace(/(?<=s|x|ch|sh)es$/, '').replace(/(?<!s)s$/, '')
  const required = new Set(schema.required)
  return {
    name, kind, verb, effect, title, nouns: nouns ?? { en: [kind, domain], fr: [kind, domain] },
    fields: Object.entries(schema.properties ?? {}).map(([field, property]) => {
      const given = plainProperty(property)
      return { name: field, required: required.has(field), choices: given.enum ?? null, role: roleOf(field, { ...given, required: required.has(field), kind }) }
    }),
  }
}

/** What a property takes when it is given: `null` and a choice of types aside. */
const plainProperty = ({ anyOf, ...property }: Property): Property => anyOf?.find(({ type }) => type !== 'null') ?? property

export const fieldOf = ({ fields }: PlannerTool, role: FieldRole): PlannerField | undefined => fields.find((field) => field.role === role)
