import type { z } from 'zod'
import type { Ctx } from '../../../platform/ctx.ts'
import { ValidationError } from '../../../platform/problems.ts'
import { disperse, type Level } from '../../governance/fence/dispersal.ts'
import type { Fence } from '../../governance/fence/fence.ts'
import type { DispersedFleet } from '../contract.ts'
import { findSphere, listFleet, disperseAgents } from '../queries.ts'
import { tellFleet } from '../tell-fleet.ts'
import { chooseAgents } from './choose-agents.ts'

export type Dispersing = { code: string; level: Level; reason: string; sphere?: string | undefined; by: string }

/**
 * Disperses a part of the fleet (protocol-999). Settles when no effect of theirs is in flight any more; total also lets no
 * new agent work of any kind begin. The counts are those of the whole fleet afterwards, so that repeating it answers the same.
 */
export async function disperseFleet(fence: Fence, { platform, requestId }: Pick<Ctx, 'platform' | 'requestId'>, { code, level, reason, sphere, by }: Dispersing): Promise<z.input<typeof DispersedFleet>> {
  const sphereId = await sphereIdNamed(platform, { sphere, level })
  let answer = { dispersed_count: 0, remaining_count: 0, timestamp: '' }
  await disperse(fence, platform, {
    code, level, sphereId, reason, by,
    async announce(tx, row) {
      const now = platform.clock.now()
      const fleet = await tx.send(listFleet(tx.db))
      const moving = tx.send(disperseAgents(tx.db, { codes: chooseAgents(fleet, { level, sphereId }), at: now }))
      const cause = { strength: 'disperse', by: row.dispersal_by ?? by, reason: row.dispersal_reason, since: (row.dispersal_since ?? now).toISOString() }
      const dispersed = await tellFleet(tx, { at: now, state: row.state, moving, status: 'dispersed', cause, audit: { action: 'atom.disperse', role: by, requestId, details: { level, reason, sphere_id: sphereId, version: Number(row.version) } } })
      answer = { dispersed_count: dispersed, remaining_count: fleet.length - dispersed, timestamp: now.toISOString() }
    },
  })
  return answer
}

/** The id of the sphere that is named by id or code; null for none. Throws ValidationError for one that there is not, or that the level does not take. */
export async function sphereIdNamed({ store }: Ctx['platform'], { sphere, level }: { sphere: string | undefined; level?: Level }): Promise<number | null> {
  if (sphere === undefined) return null
  if (level && level !== 'sectoral') throw ValidationError({ errors: [{ path: 'sphere', message: 'only a sectoral dispersal takes a sphere' }] })
  const [found] = await store.within({ service: 'atom' }, (tx) => tx.send(findSphere(tx.db, sphere)))
  if (!found) throw ValidationError({ errors: [{ path: 'sphere', message: 'there is no such sphere' }] })
  return found.id
}
