import type { FastifyReply, FastifyRequest } from 'fastify'
import type { Platform } from '../../platform/ctx.ts'
import { InvalidSeal } from './errors.ts'
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
