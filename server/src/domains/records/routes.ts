import { write, type Route } from '../../platform/http/route.ts'
import { transferRecord } from './transfer-record.ts'

export const routes: Route[] = [
  write('POST /records/transfer', transferRecord, { problems: ['binned', 'stale'] }),
]
