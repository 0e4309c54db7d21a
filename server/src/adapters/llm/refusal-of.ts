import { APICallError } from 'ai'
import type { Problem } from '../../platform/errors.ts'
import { ConnectTimeout } from './bounded-fetch.ts'
import { ProviderError, ProviderTimeout, type ProviderFault } from './errors.ts'

const RETRY_AFTER_MAX_SECONDS = 3_600

type Limits = { signal: AbortSignal; deadline: AbortSignal; afterSeconds: number }

/** The problem for a call that failed; when it was aborted from our side, whatever it was aborted with. */
export function refusalOf(error: unknown, { signal, deadline, afterSeconds }: Limits): unknown {
  if (signal.aborted) return signal.reason
  if (deadline.aborted) return ProviderTimeout({ afterSeconds })
  const connect = causes(error).find((cause) => cause instanceof ConnectTimeout)
  if (connect) return ProviderTimeout({ afterSeconds: connect.afterSeconds })
  return problemOf(error)
}

function problemOf(error: unknown): Problem {
  const { statusCode: status = null, responseHeaders } = APICallError.isInstance(error) ? error : {}
  if (status === null) return ProviderError({ fault: isNetworkFault(error) ? 'unreachable' : 'unreadable', status, retryAfterSeconds: null })
  return ProviderError({ fault: faultOf(status), status: status < 300 ? null : status, retryAfterSeconds: retryAfterOf(status, responseHeaders) })
}

/** Node names faults of sockets, names and certificates by a code; what is wrong with an answer has none. */
const isNetworkFault = (error: unknown): boolean => causes(error).some((cause) => typeof (cause as { code?: unknown }).code === 'string')

function faultOf(status: number): ProviderFault {
  if (status < 400) return 'unreadable'
  if (status === 401 || status === 403) return 'key_refused'
  return status === 429 || status >= 500 ? 'busy' : 'refused'
}

/** `Retry-After` in seconds or as a date (RFC 9110 §10.2.3), kept within reason. */
function retryAfterOf(status: number, headers: Record<string, string> | undefined): number | null {
  const given = headers?.['retry-after']
  if (given === undefined || (status !== 429 && status < 500)) return null
  const seconds = /^\d{1,9}$/.test(given) ? Number(given) : (Date.parse(given) - Date.now()) / 1_000
  return Number.isFinite(seconds) ? Math.min(Math.max(1, Math.ceil(seconds)), RETRY_AFTER_MAX_SECONDS) : null
}

function causes(error: unknown): unknown[] {
  const chain: unknown[] = []
  for (let next = error; next instanceof Error && chain.length < 10; next = next.cause) chain.push(next)
  return chain
}
