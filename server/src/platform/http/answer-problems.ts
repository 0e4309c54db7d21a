import type { FastifyInstance, FastifyRequest } from 'fastify'
import type { Platform } from '../ctx.ts'
import { isProblem, type Problem } from '../errors.ts'
import type { RefuseUnknown } from './known-addresses.ts'
import { sendProblem, toProblem } from './problem.ts'

export type OnProblem = (problem: Problem, request: FastifyRequest) => Promise<void>

/** Answers everything that is thrown, and what no route answers, with a problem. */
export function answerProblems(server: FastifyInstance, given: { platform: Pick<Platform, 'log'>; onProblem: OnProblem; refuseUnknown: RefuseUnknown }): void {
  const { log } = given.platform
  server.setNotFoundHandler((request) => { throw given.refuseUnknown(request) })
  server.setErrorHandler(async (error, request, reply) => {
    const problem = await afterTelling(toProblem(error), request, given.onProblem)
    const line = { request_id: request.id, route: request.routeOptions.url, code: problem.code, error }
    if (problem.status >= 500) log[isProblem(error) ? 'warn' : 'error'](line, 'request failed')
    return sendProblem(problem, request, reply)
  })
}

/** A refusal that has to be recorded is not told before it is: when that fails, the answer is that failure. */
async function afterTelling(problem: Problem, request: FastifyRequest, onProblem: OnProblem): Promise<Problem> {
  try {
    await onProblem(problem, request)
    return problem
  } catch (failure) {
    return toProblem(failure)
  }
}
