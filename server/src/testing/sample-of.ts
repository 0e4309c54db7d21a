import { z } from 'zod'

type Schema = z.core.JSONSchema.BaseSchema

const TEXTS: Record<string, string> = { uuid: '0190a0b0-0000-7000-8000-000000000000', 'date-time': '2026-01-02T03:04:05.000Z', date: '2026-01-02', email: 'ada@example.org', uri: 'https://example.org' }

/** Some value of a schema, every member present: enough to be spoken about, not always valid. */
export const sampleOf = (schema: z.ZodType): unknown => valueOf(z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' }))

function valueOf(schema: Schema): unknown {
  if (schema.const !== undefined) return schema.const
  if (schema.enum) return schema.enum[0]
  const [choice] = schema.anyOf ?? schema.oneOf ?? schema.allOf ?? []
  if (choice) return valueOf(choice as Schema)
  switch (schema.type) {
    case 'object': return Object.fromEntries(Object.entries(schema.properties ?? {}).map(([name, member]) => [name, valueOf(member as Schema)]))
    case 'array': return [valueOf((schema.items ?? {}) as Schema)]
    case 'integer': case 'number': return Math.max(1, schema.minimum ?? 1)
    case 'boolean': return true
    case 'null': return null
    default: return TEXTS[schema.format ?? ''] ?? (schema.pattern === '^[A-Z]{3}$' ? 'CAD' : 'text')
  }
}
