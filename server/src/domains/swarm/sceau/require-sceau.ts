import type { IncomingMessage } from 'node:http'
import { sha256 } from '../../../platform/canonical.ts'
import type { Platform } from '../../../platform/ctx.ts'
import { SceauRequired } from '../errors.ts'
import { findSceau, type SceauRow } from '../queries.ts'

const HEADER = 'x-sceau-session'
const FORM = /^[\w-]{43}$/

/** The live Sceau session that a header names, given once, exactly as it is. Throws SceauRequired, the same for every fault. */
export function requireSceau(platform: Platform, request: Pick<IncomingMessage, 'headersDistinct'>): Promise<SceauRow> {
  const given = request.headersDistinct[HEADER] ?? []
  return openSceau(platform, given.length === 1 ? given[0] : undefined)
}

/** The live Sceau session of that secret. Throws SceauRequired. */
export async function openSceau({ store, clock }: Platform, secret: string | undefined): Promise<SceauRow> {
  if (secret === undefined || !FORM.test(secret)) throw SceauRequired()
  const [row] = await store.within({ service: 'sceau' }, (tx) => tx.send(findSceau(tx.db, sha256(secret), clock.now())))
  if (!row) throw SceauRequired()
  return row
}
