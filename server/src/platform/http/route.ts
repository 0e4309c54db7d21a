import type { FastifyReply, FastifyRequest } from 'fastify'
import { z } from 'zod'
import type { Action, AnyAction } from '../action.ts'
import type { CallerCtx, Ctx, ReadCtx } from '../ctx.ts'

type Method = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'
type Address = `${Method} /${string}`

/** Where a route is mounted: under /api/v2 and its alias /api/v1, or at its own address. */
export type Base = 'api' | 'root'

/** A class of requests that share a limit; see rate-limit.ts. */
export type Bucket = 'read' | 'write' | 'auth' | 'seal' | 'health' | 'sceau' | 'swarm'

type Shared = {
  method: Method
  url: string
  base: Base
  tag: string
  summary: string
  input: z.ZodObject
  output: z.ZodType
  status: number
  bucket: Bucket
  /** Codes of the problems that this route answers with, beyond those of every route. */
  problems: string[]
  /** Headers that it needs, for its documentation. */
  headers?: z.ZodObject
  /** What it answers in, where that is not JSON; several where the caller chooses. */
  media?: string | string[]
  /** The scope by which an API key may use a route that is neither an action nor a read; left out: no key may. */
  keys?: string
  /** Whether an auditor may use it over an identity of their organisation that is not theirs. */
  auditors?: true
}

export type WriteRoute = Shared & { kind: 'write'; action: AnyAction }
export type ReadRoute = Shared & { kind: 'read'; /** The version of what is answered, for If-Match. */ etag?: (output: never) => string; run: (ctx: ReadCtx, input: never) => Promise<unknown> }
export type HandleRoute = Shared & {
  kind: 'handle'
  auth: 'none' | 'session'
  run: (ctx: never, input: never, http: { request: FastifyRequest; reply: FastifyReply }) => Promise<unknown>
}
export type Route = WriteRoute | ReadRoute | HandleRoute

const parse = (address: Address): { method: Method; url: string } => {
  const [method, url] = address.split(' ') as [Method, string]
  return { method, url }
}

type Options = { tag?: string; status?: number; problems?: string[]; base?: Base; bucket?: Bucket; media?: string | string[]; headers?: z.ZodObject; keys?: string; auditors?: true }

/** A change: names the action that the gate performs. There is no way to give it a handler. */
export function write<I, O>(address: Address, action: Action<I, O>, options: Options = {}): WriteRoute {
  const { method, url } = parse(address)
  return {
    kind: 'write', method, url, base: options.base ?? 'api', tag: options.tag ?? action.name.split('.')[0] ?? '', summary: action.title.en,
    input: action.input, output: action.output, status: options.status ?? (method === 'POST' && action.effect === 'CREATE' ? 201 : 200),
    bucket: 'write', problems: options.problems ?? [], action: action as unknown as AnyAction,
  }
}

type Read<I extends z.ZodObject, O extends z.ZodType> = { summary: string; tag?: string; input?: I; output: O; problems?: string[]; auditors?: true; etag?: (output: z.input<O>) => string; run: (ctx: ReadCtx, input: z.output<I>) => Promise<z.input<O>> }

/** A read of the caller's own rows, inside a transaction scoped to their identity. */
export function read<I extends z.ZodObject, O extends z.ZodType>(address: Address, given: Read<I, O>): ReadRoute {
  const { method, url } = parse(address)
  return {
    kind: 'read', method, url, base: 'api', tag: given.tag ?? url.split('/')[1] ?? '', summary: given.summary, input: given.input ?? z.strictObject({}),
    output: given.output, status: 200, bucket: 'read', problems: given.problems ?? [], run: given.run as ReadRoute['run'],
    ...(given.auditors ? { auditors: true } : {}), ...(given.etag ? { etag: given.etag as ReadRoute['etag'] & {} } : {}),
  }
}

type Handle<I extends z.ZodObject, O extends z.ZodType, C> = Options & {
  summary: string; input?: I; output: O
  run: (ctx: C, input: z.output<I>, http: { request: FastifyRequest; reply: FastifyReply }) => Promise<z.input<O>>
}

const handle = (address: Address, auth: 'none' | 'session', given: Handle<z.ZodObject, z.ZodType, never>): HandleRoute => {
  const { method, url } = parse(address)
  return {
    kind: 'handle', auth, method, url, base: given.base ?? 'api', tag: given.tag ?? url.split('/')[1] ?? '', summary: given.summary, input: given.input ?? z.strictObject({}),
    output: given.output, status: given.status ?? 200, bucket: given.bucket ?? (method === 'GET' ? 'read' : 'write'), ...(given.headers ? { headers: given.headers } : {}), problems: given.problems ?? [], run: given.run,
    ...(given.media === undefined ? {} : { media: given.media }), ...(given.keys === undefined ? {} : { keys: given.keys }), ...(given.auditors ? { auditors: true } : {}),
  }
}

/** A route for anyone. Only the domains that guard the house itself may declare one (tidy.test.ts). */
export const publicRoute = <I extends z.ZodObject, O extends z.ZodType>(address: Address, given: Handle<I, O, Ctx>): HandleRoute =>
  handle(address, 'none', given as unknown as Handle<z.ZodObject, z.ZodType, never>)

/** A route for a signed-in person whose work is not an action: accounts, decisions, runs of Nova. */
export const sessionRoute = <I extends z.ZodObject, O extends z.ZodType>(address: Address, given: Handle<I, O, CallerCtx>): HandleRoute =>
  handle(address, 'session', given as unknown as Handle<z.ZodObject, z.ZodType, never>)
