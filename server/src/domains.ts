import type { Accounts } from './domains/accounts/create-accounts.ts'
import { agents } from './domains/agents/domain.ts'
import { atom } from './domains/atom/domain.ts'
import type { Anchorer } from './domains/audit/anchors/anchorer.ts'
import type { WrongSeals } from './domains/atom/wrong-seals.ts'
import { audit } from './domains/audit/domain.ts'
import { bin } from './domains/bin/domain.ts'
import { budgets } from './domains/budgets/domain.ts'
import { bureau } from './domains/bureau/domain.ts'
import { contacts } from './domains/contacts/domain.ts'
import { ensureSomebody } from './domains/governance/deciders/seats.ts'
import { governance } from './domains/governance/domain.ts'
import type { Fence } from './domains/governance/fence/fence.ts'
import type { Gate } from './domains/governance/gate.ts'
import { keys } from './domains/keys/domain.ts'
import type { KeyRing } from './domains/keys/key-ring.ts'
import { identities } from './domains/identities/domain.ts'
import { hubsDomain } from './domains/hubs/domain.ts'
import { messages } from './domains/messages/domain.ts'
import type { Outbox } from './domains/messages/outbox.ts'
import { notes } from './domains/notes/domain.ts'
import { notifications } from './domains/notifications/domain.ts'
import type { Postman } from './domains/notifications/mail/postman.ts'
import { novaDomain } from './domains/nova/domain.ts'
import type { Nova } from './domains/nova/nova.ts'
import { organisations } from './domains/organisations/domain.ts'
import { ensureMayDestroy } from './domains/organisations/ensure-may-destroy.ts'
import type { Post } from './domains/organisations/invitations/mail-invitations.ts'
import { policies } from './domains/policies/domain.ts'
import type { RequireSeal } from './domains/governance/policy/instance-routes.ts'
import { payments } from './domains/payments/domain.ts'
import { records } from './domains/records/domain.ts'
import type { Safeguard } from './domains/safeguard/create-safeguard.ts'
import { safeguardDomain } from './domains/safeguard/domain.ts'
import { requireSceau } from './domains/swarm/sceau/require-sceau.ts'
import { swarm } from './domains/swarm/domain.ts'
import { spheresDomain } from './domains/spheres/domain.ts'
import { tasks } from './domains/tasks/domain.ts'
import { threads } from './domains/threads/domain.ts'
import { webhooks } from './domains/webhooks/domain.ts'
import type { Means as WebhookMeans } from './domains/webhooks/means.ts'
import type { Platform } from './platform/ctx.ts'
import type { Domain } from './platform/domain.ts'

/** What some domains need beyond the platform; made in app.ts. */
export type House = { platform: Platform; gate: Gate; accounts: Accounts; outbox: Outbox; fence: Fence; nova: Nova; anchorer: Anchorer; safeguard: Safeguard; webhookMeans: WebhookMeans; postman: Postman; post: Post; keyRing: KeyRing; requireSeal: RequireSeal; wrongSeals: WrongSeals }

/** The product in one ordered list: a domain may use only those above it. */
export const buildDomains = ({ platform, gate, accounts, outbox, fence, nova, anchorer, safeguard, webhookMeans, postman, post, keyRing, requireSeal, wrongSeals }: House): Domain[] => [
  audit({ platform, anchorer, ensureMayDestroy }),
  policies({ platform, engine: gate.engine, ensureSomebody: (tx, requirement) => ensureSomebody(gate, tx, { identityId: tx.identityId, requester: tx.userId, requirement }) }),
  budgets(platform),
  governance(gate, requireSeal),
  identities,
  accounts.domain,
  organisations({ platform, post }),
  atom({ platform, fence, wrongSeals, authenticate: accounts.authenticate, requireSceau: async (request) => { await requireSceau(platform, request.raw) } }),
  spheresDomain,
  keys({ gate, ring: keyRing }),
  agents,
  swarm(platform),
  safeguardDomain(safeguard),
  notes,
  tasks,
  contacts,
  threads,
  hubsDomain,
  bureau,
  bin(platform),
  messages(outbox),
  records,
  payments,
  webhooks(platform, webhookMeans),
  notifications(platform, postman),
  novaDomain(nova),
]
