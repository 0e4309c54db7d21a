import { page } from '../../platform/http/page.ts'
import { read, write, type Route } from '../../platform/http/route.ts'
import { ensureOwn } from '../governance/ensure-own.ts'
import { ListVersions, RecordVersion } from './contract.ts'
import { listVersions } from './queries.ts'
import { transferRecord } from './transfer-record.ts'

export const routes: Route[] = [
  write('POST /records/transfer', transferRecord, { problems: ['binned', 'stale'] }),
  read('GET /records/versions', {
    summary: 'What a record said before each change, newest first, so that a change can be undone', input: ListVersions, output: page(RecordVersion), problems: ['not_found', 'identity_boundary'],
    run: async (ctx, given) => {
      await ensureOwn(ctx.tx, ctx.identityId, [given])
      const rows = await listVersions(ctx.db, ctx.identityId, given)
      return { items: rows.map(({ version, data, replaced_at: at }) => ({ version, replaced_at: at.toISOString(), data: data as Record<string, unknown> })), next_cursor: null }
    },
  }),
]
