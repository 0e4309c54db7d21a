import type { ProblemKind } from '../../server/src/platform/errors.ts'
import { code, page, table } from './markdown.ts'

/** Every problem that a client may meet, by status. */
export function errorsPage(kinds: ReadonlyMap<string, ProblemKind<never>>): string {
  const sorted = [...kinds.values()].toSorted((a, b) => a.status - b.status || (a.code < b.code ? -1 : 1))
  return page(
    'Errors',
    'Every answer from 400 up is an RFC 9457 problem (`application/problem+json`): `type`, `title`, `status`, `detail`, `code`, `request_id`, and `errors` with 422. Codes are stable; titles and details follow `Accept-Language`.',
    table(['status', 'code', 'title', 'titre'], sorted.map(({ status, code: name, title }) => [String(status), code(name), title.en, title.fr])),
  )
}
