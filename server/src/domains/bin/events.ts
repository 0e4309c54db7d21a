import { defineEvent } from '../../platform/events/emit.ts'
import type { Purged } from './count-purged.ts'

export const BinEmptied = defineEvent<Purged>({ name: 'bin.emptied', channels: () => [] })
