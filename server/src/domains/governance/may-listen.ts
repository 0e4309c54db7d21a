import type { Caller, Platform } from '../../platform/ctx.ts'
import { isUuid, newId } from '../../platform/ids.ts'
import { UnknownChannel } from '../../platform/live/problems.ts'
import { NotFound } from '../../platform/problems.ts'
import { IdentityBoundary } from './errors.ts'
import { findOwners } from './queries.ts'
import { recordRefusal } from './refusals.ts'

/**
 * Whether a caller may hear a channel. Another's channel, and a wildcard over channels of others, is a violation of the
 * identity boundary: audited, with a checkpoint record, before it is refused.
 */
export const createMayListen = (platform: Platform, isSphere: (code: string) => boolean) =>
  async (caller: Caller, channel: string): Promise<void> => {
    if (channel === 'nova' || channel === 'atom') return
    const [, type = '', id = ''] = /^([a-z]+):(.+)$/s.exec(channel) ?? []
    if (type === 'sphere' && isSphere(id)) return
    if (type === 'user' && id === caller.userId) return
    if (channel.includes('*')) return refuse(platform, caller, { type: 'channel', id: channel })
    if (!isUuid(id)) throw UnknownChannel()
    if (type === 'user') return refuse(platform, caller, { type, id })
    if (type !== 'thread') throw UnknownChannel()
    const [owner] = await platform.store.within(caller, (tx) => tx.send(findOwners([type], [id]).compile(tx.db)))
    if (!owner) throw NotFound()
    if (owner.identity_id !== caller.identityId) return refuse(platform, caller, { type, id })
  }

async function refuse(platform: Platform, caller: Caller, resource: { type: string; id: string }): Promise<never> {
  const problem = IdentityBoundary({ resource })
  await recordRefusal(platform, { caller, via: 'rest', requestId: newId(), runId: null }, problem)
  throw problem
}
