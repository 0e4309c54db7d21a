import fc from 'fast-check'
import { z } from 'zod'

export type JsonSchema = {
  $ref?: string; const?: unknown; enum?: unknown[]; anyOf?: JsonSchema[]; oneOf?: JsonSchema[]; allOf?: JsonSchema[]; type?: string; format?: string; pattern?: string
  minLength?: number; maxLength?: number; minimum?: number; maximum?: number; items?: JsonSchema; properties?: Record<string, JsonSchema>; required?: string[]; additionalProperties?: JsonSchema | boolean
}
export type Media = Record<string, { schema: JsonSchema }>
export type Operation = {
  operationId: string; summary?: string; tags?: string[]; security?: unknown[]
  parameters?: Array<{ in: 'path' | 'query' | 'header'; name: string; required?: boolean; schema: JsonSchema }>
  requestBody?: { content: Media }
  responses: Record<string, { description: string; content?: Media }>
}
export type OpenApi = { openapi: string; paths: Record<string, Record<string, Operation>>; components: { schemas: Record<string, JsonSchema> } }

export type Operated = { method: string; path: string; operation: Operation }

export const operationsOf = ({ paths }: OpenApi): Operated[] =>
  Object.entries(paths).flatMap(([path, methods]) => Object.entries(methods).map(([method, operation]) => ({ method: method.toUpperCase(), path, operation })))

/** Says what is wrong with an answer by what the document declares of it; undefined when nothing is. */
export function createAnswerCheck({ components }: OpenApi) {
  const compiled = new Map<JsonSchema, z.ZodType>()
  const local = (value: unknown): unknown => JSON.parse(JSON.stringify(value).replaceAll('#/components/schemas/', '#/$defs/'))
  const $defs = local(components.schemas)
  const compile = (schema: JsonSchema): z.ZodType => {
    const found = compiled.get(schema) ?? z.fromJSONSchema({ ...local(schema) as object, $defs } as Parameters<typeof z.fromJSONSchema>[0])
    compiled.set(schema, found)
    return found
  }
  return ({ responses }: Operation, answer: { status: number; type: string; body: unknown }): string | undefined => {
    const declared = responses[answer.status]
    if (!declared) return `${answer.status} is not declared`
    const media = declared.content?.[answer.type.split(';')[0] ?? '']
    if (!media) return `${answer.status} in ${answer.type} is not declared`
    const parsed = compile(media.schema).safeParse(answer.body)
    return parsed.success ? undefined : `${answer.status}: ${JSON.stringify(parsed.error.issues).slice(0, 400)}`
  }
}

export type Generated = { at: Operated; url: string; body: unknown; isRight: boolean }

/** Requests for one operation: right ones, nearly right ones and wild ones. `known` has values that exist, by parameter or member. */
export function requestsFor(at: Operated, known: Record<string, string[]>): fc.Arbitrary<Generated> {
  const { path, operation: { parameters = [], requestBody } } = at
  const schema = requestBody?.content['application/json']?.schema
  const named = (where: string) => parameters.filter((parameter) => parameter.in === where)
  const record = (given: typeof parameters, isRight: boolean) => fc.record(Object.fromEntries(given.map(({ name, schema: of }) => [name, valueOf(of, { name, known, isRight })])), { requiredKeys: given.filter(({ in: where, required }) => where === 'path' || required).map(({ name }) => name) })
  return fc.boolean().chain((isRight) => fc.tuple(record(named('path'), isRight), record(named('query'), isRight), schema ? valueOf(schema, { name: '', known, isRight }) : fc.constant(undefined)).map(([params, query, body]) => {
    const filled = path.replace(/\{(\w+)\}/g, (_, name: string) => encodeURIComponent(wellFormed(params[name])) || '-')
    const search = Object.entries(query).map(([name, value]) => `${name}=${encodeURIComponent(wellFormed(value))}`).join('&')
    return { at, url: search ? `${filled}?${search}` : filled, body, isRight }
  }))
}

const wellFormed = (value: unknown): string => (typeof value === 'string' ? value : JSON.stringify(value) ?? '').toWellFormed()

const HOSTILE = ['', '0', '-0', '1e999', 'null', '[]', '{}', '\0', '\ud800', '\u202e', '𝒳', 'é\u0301', '%00', "' or 1=1 --", '"; drop table notes; --', '../../etc/passwd', '<script>', '${7*7}', '{{7*7}}', '0190a0b0-0000-7000-8000-000000000000', 'x'.repeat(5_000)]

const wild = (): fc.Arbitrary<unknown> => fc.oneof(fc.constantFrom(...HOSTILE), fc.jsonValue({ maxDepth: 3 }), fc.integer(), fc.double(), fc.constant(null), fc.string({ unit: 'binary', maxLength: 40 }))

type Given = { name: string; known: Record<string, string[]>; isRight: boolean }

function valueOf(schema: JsonSchema, given: Given): fc.Arbitrary<unknown> {
  const right = rightValue(schema, given)
  return given.isRight ? right : fc.oneof({ weight: 3, arbitrary: right }, { weight: 1, arbitrary: wild() })
}

function rightValue(schema: JsonSchema, given: Given): fc.Arbitrary<unknown> {
  const found = given.known[given.name]
  if (found) return fc.oneof({ weight: 4, arbitrary: fc.constantFrom(...found) }, { weight: 1, arbitrary: plainValue(schema, given) })
  return plainValue(schema, given)
}

function plainValue(schema: JsonSchema, given: Given): fc.Arbitrary<unknown> {
  const choices = schema.anyOf ?? schema.oneOf ?? schema.allOf
  if (schema.const !== undefined) return fc.constant(schema.const)
  if (schema.enum) return fc.constantFrom(...schema.enum)
  if (choices) return fc.oneof(...choices.map((choice) => valueOf(choice, given)))
  switch (schema.type) {
    case 'object': return objectOf(schema, given)
    case 'array': return fc.array(valueOf(schema.items ?? {}, given), { maxLength: 5 })
    case 'integer': return fc.integer({ min: Math.max(schema.minimum ?? 0, -1e9), max: Math.min(schema.maximum ?? 1e9, 1e9) })
    case 'number': return fc.double({ min: schema.minimum ?? 0, max: schema.maximum ?? 1_000, noNaN: true })
    case 'boolean': return fc.boolean()
    case 'null': return fc.constant(null)
    case 'string': return textOf(schema)
    default: return fc.jsonValue({ maxDepth: 2 })
  }
}

function objectOf({ properties = {}, required = [], additionalProperties }: JsonSchema, given: Given): fc.Arbitrary<unknown> {
  const declared = fc.record(Object.fromEntries(Object.entries(properties).map(([name, schema]) => [name, valueOf(schema, { ...given, name })])), { requiredKeys: given.isRight ? required : [] })
  const isOpen = typeof additionalProperties === 'object'
  const more = fc.dictionary(fc.string({ maxLength: 12 }), fc.jsonValue({ maxDepth: 1 }), { maxKeys: 2 })
  return isOpen || !given.isRight ? fc.tuple(declared, fc.oneof({ weight: 4, arbitrary: fc.constant({}) }, { weight: 1, arbitrary: more })).map(([one, other]) => ({ ...other, ...one })) : declared
}

function textOf({ format, minLength = 0, maxLength = 60 }: JsonSchema): fc.Arbitrary<string> {
  if (format === 'uuid') return fc.uuid({ version: 7 })
  if (format === 'date-time') return fc.date({ min: new Date('2000-01-01'), max: new Date('2100-01-01'), noInvalidDate: true }).map((date) => date.toISOString())
  if (format === 'date') return fc.date({ min: new Date('2000-01-01'), max: new Date('2100-01-01'), noInvalidDate: true }).map((date) => date.toISOString().slice(0, 10))
  const words = fc.constantFrom('Courses', 'Ada', 'crée une note « x »', 'delete the note “Courses”', 'personal', 'EUR', '2', 'ada@example.org')
  return fc.oneof(words, fc.string({ unit: 'grapheme', minLength, maxLength: Math.max(minLength, Math.min(maxLength, 60)) }))
}
