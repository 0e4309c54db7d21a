import type { FastifyRequest } from 'fastify'
import type { z } from 'zod'
import { MalformedRequest, ValidationError, type FieldError } from '../problems.ts'
import type { Route } from './route.ts'

const ERRORS_MAX = 50
const PATH_MAX = 200

/** The input of a route: its path parameters with its query or its body. A member may not be given twice. */
export function gatherInput({ method }: Pick<Route, 'method'>, request: Pick<FastifyRequest, 'params' | 'query' | 'body'>): Record<string, unknown> {
  const params = request.params as Record<string, unknown>
  const isInQuery = method === 'GET' || method === 'DELETE'
  const rest = (isInQuery ? request.query : request.body) ?? {}
  if (typeof rest !== 'object' || Array.isArray(rest)) throw ValidationError({ errors: [{ path: '', message: 'expected an object' }] })
  const twice = Object.keys(rest).find((key) => Object.hasOwn(params, key))
  if (twice) throw MalformedRequest({ en: `${twice} is given in the path already.`, fr: `${twice} est déjà donné dans le chemin.` })
  return { ...rest, ...params }
}

/** Parses by a zod schema. Throws ValidationError with the path and reason of each fault, never the value. */
export function parseInput<S extends z.ZodType>(schema: S, given: unknown): z.output<S> {
  const parsed = schema.safeParse(given)
  if (parsed.success) return parsed.data
  throw ValidationError({ errors: parsed.error.issues.flatMap(explainIssue).slice(0, ERRORS_MAX) })
}

const explainIssue = (issue: z.core.$ZodIssue): FieldError[] =>
  issue.code === 'unrecognized_keys' ? issue.keys.map((key) => ({ path: pathOf([...issue.path, key]), message: 'unknown member' })) : [{ path: pathOf(issue.path), message: issue.message }]

const pathOf = (path: PropertyKey[]): string => path.join('.').slice(0, PATH_MAX)
