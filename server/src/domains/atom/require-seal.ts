import type { FastifyReply, FastifyRequest } from 'fastify'
import type { Platform } from '../../platform/ctx.ts'
import { InvalidOperatorKey, InvalidSeal } from './errors.ts'
import type { WrongSeals } from './wrong-seals.ts'

const HEADER = 'x-architect-seal'

/**
 * Lets the architect pass. The seal counts only in its header, given once, exactly as it is: nothing is trimmed. Throws
 * InvalidSeal, the same for none, an empty, a wrong and a doubled one; RateLimited for who keeps guessing.
 */
export async function requireSeal({ secrets }: Platform, wrong: WrongSeals, { request, reply }: { request: FastifyRequest; reply: FastifyReply }): Promise<void> {
  const given = request.raw.headersDistinct[HEADER] ?? []
  const matches = await secrets.seal.matches(given[0] ?? '')
  if (matches && given.length === 1) return
  await wrong.note(request, reply)
  throw InvalidSeal()
}

export type Role = 'architect' | 'operator'

const OPERATOR_HEADER = 'x-operator-key'

/** Lets the operator pass, or the architect, who may all that the operator may; which of them it is. Throws InvalidOperatorKey, RateLimited. */
export async function requireOperator({ secrets }: Platform, wrong: WrongSeals, { request, reply }: { request: FastifyRequest; reply: FastifyReply }): Promise<Role> {
  const [keys, seals] = [request.raw.headersDistinct[OPERATOR_HEADER] ?? [], request.raw.headersDistinct[HEADER] ?? []]
  const [isOperator, isArchitect] = await Promise.all([secrets.operator.matches(keys[0] ?? ''), secrets.seal.matches(seals[0] ?? '')])
  if (isArchitect && seals.length === 1) return 'architect'
  if (isOperator && keys.length === 1) return 'operator'
  await wrong.note(request, reply)
  throw InvalidOperatorKey()
}

/** Whether a request comes with one of the two secrets, right or wrong. */
export const bringsSecret = ({ raw }: FastifyRequest): boolean => raw.headersDistinct[OPERATOR_HEADER] !== undefined || raw.headersDistinct[HEADER] !== undefined
