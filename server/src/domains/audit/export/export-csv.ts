import type { Store } from '../../../platform/db/store.ts'
import type { IdentityId } from '../../../platform/ids.ts'
import { canonical } from '../../../platform/canonical.ts'
import { linkText } from '../chain.ts'
import { leafHash } from '../merkle/tree-hash.ts'
import { endsOf } from '../verify/walk-chain.ts'
import { csvLine } from './csv-line.ts'
import { openedLinks, type OpenedRow } from './export-chain.ts'

const COLUMNS = [
  'seq', 'leaf_index', 'at', 'action', 'outcome', 'effect', 'actor_kind', 'actor_id', 'via', 'user_id', 'request_id', 'resource_type', 'resource_id', 'verdict', 'policies', 'permission',
  'checkpoint_id', 'run_id', 'action_hash', 'before', 'after', 'details', 'erased', 'prev_hash', 'hash', 'leaf_hash',
]

/** A chain as CSV for a spreadsheet: one event a line with its place in the tree. What verifies is the JSON lines. */
export async function* exportCsv(store: Store, identityId: IdentityId): AsyncGenerator<string> {
  const { last } = await endsOf(store, identityId)
  yield csvLine(COLUMNS)
  for await (const batch of openedLinks(store, identityId, last)) yield batch.map((row) => csvLine(valuesOf(row))).join('')
}

type Said = { actor?: { kind?: unknown; id?: unknown }; resource?: { type?: unknown; id?: unknown } | null; decision?: { verdict?: unknown; policies?: unknown[] } | null } & Record<string, unknown>

function valuesOf({ row, body, opened }: OpenedRow): unknown[] {
  const said = body as Said
  return [
    row.seq, Number(row.seq) - 1, said.at, said.action, said.outcome, said.effect, said.actor?.kind, said.actor?.id, said.via, said.user_id, said.request_id, said.resource?.type, said.resource?.id,
    said.decision?.verdict, said.decision?.policies?.join(' '), said.permission, said.checkpoint_id, said.run_id, said.action_hash, said.before, said.after,
    opened ? canonical(opened.details) : '', opened === null, row.prev_hash, row.hash, leafHash(linkText(row.body, row.prev_hash, Number(row.seq))),
  ]
}
