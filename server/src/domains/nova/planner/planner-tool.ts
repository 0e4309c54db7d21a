import { z } from 'zod'
import type { AnyAction, Effect } from '../../../platform/action.ts'
import { fold } from './reading.ts'

/** One argument of a tool, as its JSON Schema declares it. */
export type PlannerField = { name: string; required: boolean; format: string | null; choices: string[] | null }

/** A tool as the grammar sees it: what it is called, what it takes, and what people call its object. */
export type PlannerTool = {
  name: string
  /** The kind of row that it is about: `note` of `notes.delete`. */
  kind: string
  verb: string
  effect: Effect
  fields: PlannerField[]
  nouns: { en: string[]; fr: string[] }
  /** The nouns as they are looked for, without accents. */
  folded: string[]
}

type Property = { type?: string; format?: string; enum?: string[]; anyOf?: Property[] }

/** Reads a registered action into what the grammar needs; nothing about a single tool is written in the grammar itself. */
export function plannerToolOf(action: Pick<AnyAction, 'name' | 'effect' | 'input' | 'words'>): PlannerTool {
  const schema = z.toJSONSchema(action.input, { io: 'input' }) as { properties?: Record<string, Property>; required?: string[] }
  const [domain = '', verb = ''] = action.name.split('.')
  const kind = domain.replace(/ies$/, 'y').replace(/(?<=s|x|ch|sh)es$/, '').replace(/(?<!s)s$/, '')
  const nouns = action.words ?? { en: [kind, domain], fr: [kind, domain] }
  return {
    name: action.name, kind, verb, effect: action.effect, nouns, folded: [...new Set([...nouns.en, ...nouns.fr].map(fold))],
    fields: Object.entries(schema.properties ?? {}).map(([name, property]) => {
      const { format = null, enum: choices = null } = property.anyOf?.find(({ type }) => type !== 'null') ?? property
      return { name, required: schema.required?.includes(name) ?? false, format, choices }
    }),
  }
}

export const fieldNamed = ({ fields }: PlannerTool, name: string): PlannerField | undefined => fields.find((field) => field.name === name)

export const hasField = (tool: PlannerTool, name: string): boolean => fieldNamed(tool, name) !== undefined

/** The field that says which row is meant: `note_id` of `notes.delete`; undefined when the tool names none. */
export function referenceField(tool: PlannerTool): PlannerField | undefined {
  const own = fieldNamed(tool, `${tool.kind}_id`)
  return own ?? tool.fields.find(({ name }) => name.endsWith('_id') && name !== 'sphere_id' && name !== 'identity_id')
}

/** The type of row that a reference field names. */
export const referenceType = ({ name }: PlannerField): string => name.replace(/_id$/, '')

/** What a row is called by, what it says, when it is due, where it is written to. */
export const titleField = (tool: PlannerTool): PlannerField | undefined => fieldNamed(tool, 'title') ?? fieldNamed(tool, 'name')
export const bodyField = (tool: PlannerTool): PlannerField | undefined => fieldNamed(tool, 'body') ?? fieldNamed(tool, 'text')
export const dateField = ({ fields }: PlannerTool): PlannerField | undefined => fields.find(({ format }) => format === 'date-time')
export const emailField = ({ fields }: PlannerTool): PlannerField | undefined => fields.find(({ format }) => format === 'email')
