import { UnsafeHeader, UnsafeUrl } from './errors.ts'
import type { HeaderRow } from './queries.ts'

/** What may be configured as an endpoint; app.ts makes it of the delivery client's own rules, so that the two cannot differ. */
export type EndpointRule = {
  readUrl(text: string): { url: string } | { fault: string }
  headerFault(headers: Record<string, string>): { name: string; fault: 'name' | 'value' | 'forbidden' } | undefined
}

type Given = { url?: string | undefined; headers?: HeaderRow[] | undefined }

/** Puts the address into its one spelling. Throws UnsafeUrl and UnsafeHeader, before anybody is asked to approve it. */
export function checkEndpoint<T extends Given>(rule: EndpointRule, given: T): T {
  for (const { name, value } of given.headers ?? []) {
    const wrong = rule.headerFault({ [name]: value })
    if (wrong) throw UnsafeHeader(wrong)
  }
  if (given.url === undefined) return given
  const read = rule.readUrl(given.url)
  if ('fault' in read) throw UnsafeUrl({ fault: read.fault })
  return { ...given, url: read.url }
}
