import type { IdentityId, UserId } from '../../platform/ids.ts'
import type { AuditScene } from './record.ts'

/** Whose chain tells what concerns the instance as a whole; no identity has this id. */
export const INSTANCE_IDENTITY = '00000000-0000-7000-8000-000000000000' as IdentityId

/** What the instance's chain says of who acted: a role, never a person. Written in a transaction with a service scope. */
export const instanceScene = ({ role, requestId, now }: { role: string; requestId: string; now(): Date }): AuditScene => ({
  identityId: INSTANCE_IDENTITY, userId: String(INSTANCE_IDENTITY) as UserId, actor: { kind: 'system', id: role }, via: 'system', requestId, now,
})
