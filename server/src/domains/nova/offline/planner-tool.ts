import { z } from 'zod'
import type { AnyAction, Effect } from '../../../platform/action.ts'

/** One argument of a tool, as its JSON Schema declares it. */
export type PlannerField = { name: string; required: boolean; format: string | null; choices: string[] | null }

/** A tool as the grammar sees it: what it is called, what it takes, and what people call its object. */
export type PlannerTool = { name: string; object: string; verb: string; effect: Effect; fields: PlannerField[]; nouns: { en: string[]; fr: string[] } }

type Property = { type?: string; format?: string; enum?: string[] }

/** Reads a registered action into what the grammar needs; nothing about a single tool is written in the grammar itself. */
export function plannerToolOf(action: Pick<AnyAction, 'name' | 'effect' | 'input' | 'words'>): PlannerTool {
  const schema = z.toJSONSchema(action.input, { io: 'input' }) as { properties?: Record<string, Property>; required?: string[] }
  const [object = '', verb = ''] = action.name.split('.')
  const singular = object.replace(/s$/, '')
  return {
    name: action.name, object, verb, effect: action.effect,
    nouns: action.words ?? { en: [singular, object], fr: [singular, object] },
    fields: Object.entries(schema.properties ?? {}).map(([name, property]) => ({
      name, required: schema.required?.includes(name) ?? false, format: property.format ?? null, choices: property.enum ?? null,
    })),
  }
}

/** The field that says which row is meant: `note_id` of `notes.delete`; undefined when the tool names none. */
export const referenceField = (tool: PlannerTool): PlannerField | undefined =>
  tool.fields.find(({ name }) => name.endsWith('_id') && name !== 'sphere_id' && name !== 'identity_id')

/** The type of row that a reference field names. */
export const referenceType = (field: PlannerField): string => field.name.replace(/_id$/, '')

export const hasField = (tool: PlannerTool, name: string): boolean => tool.fields.some((field) => field.name === name)
