import type { Bilingual } from './text.ts'

/** What a kind of problem is, declared once: stable code, HTTP status, title, and the sentence for its facts. */
export type ProblemKind<Facts> = {
  code: string
  status: number
  title: Bilingual
  detail: (facts: Facts) => Bilingual
  /** Members added to the RFC 9457 body, in snake_case; never a secret or another's data. */
  members?: (facts: Facts) => Record<string, unknown>
  headers?: (facts: Facts) => Record<string, string>
}

/** A refusal that a client can act on: rendered as RFC 9457 `application/problem+json`. */
export class Problem extends Error {
  readonly kind: ProblemKind<never>
  readonly facts: unknown

  constructor(kind: ProblemKind<never>, facts: unknown) {
    super(kind.code)
    this.name = 'Problem'
    this.kind = kind
    this.facts = facts
  }

  get code(): string { return this.kind.code }
  get status(): number { return this.kind.status }
  get members(): Record<string, unknown> { return this.kind.members?.(this.facts as never) ?? {} }
  get headers(): Record<string, string> { return this.kind.headers?.(this.facts as never) ?? {} }
  detail(): Bilingual { return this.kind.detail(this.facts as never) }
}

/** A constructor of one kind of problem: `throw NotFound({ type: 'note' })`. */
export type ProblemMaker<Facts> = ((facts: Facts) => Problem) & { kind: ProblemKind<Facts> }

const registry = new Map<string, ProblemKind<never>>()

/** Every kind of problem declared so far, by code; docs/reference/errors.md is printed from it. */
export const problemKinds = (): ReadonlyMap<string, ProblemKind<never>> => registry

/** Declares a kind of problem. Codes are unique over the whole product. */
export function defineProblem<Facts = void>(kind: ProblemKind<Facts>): ProblemMaker<Facts> {
  if (registry.has(kind.code)) throw new TypeError(`Problem code ${kind.code} is declared twice`)
  registry.set(kind.code, kind as ProblemKind<never>)
  return Object.assign((facts: Facts) => new Problem(kind as ProblemKind<never>, facts), { kind })
}

/** Narrows an unknown error to a problem of one kind. */
export const isProblem = (error: unknown, maker?: ProblemMaker<never>): error is Problem =>
  error instanceof Problem && (maker === undefined || error.code === maker.kind.code)
