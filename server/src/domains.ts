import type { Accounts } from './domains/accounts/create-accounts.ts'
import { governance } from './domains/governance/domain.ts'
import type { Gate } from './domains/governance/gate.ts'
import { notes } from './domains/notes/domain.ts'
import type { Platform } from './platform/ctx.ts'
import type { Domain } from './platform/domain.ts'

/** What some domains need beyond the platform; made in app.ts. */
export type House = { platform: Platform; gate: Gate; accounts: Accounts }

/** The product in one ordered list: a domain may use only those above it. */
export const buildDomains = ({ gate, accounts }: House): Domain[] => [
  governance(gate),
  accounts.domain,
  notes,
]
