import { Unauthenticated, InsufficientScope } from '../../../platform/problems.ts'
import type { EffectTx } from '../../../platform/ctx.ts'
import { exceeded } from '../../budgets/over-budget.ts'
import { periodOf } from '../../budgets/period.ts'
import { CrossSphere } from '../errors.ts'
import type { Call } from '../gate.ts'
import type { Owned } from '../queries.ts'
import { covers, livesInSpheres } from './covers.ts'
import { readAllowance, type AllowanceRow } from './queries.ts'

/** What somebody who works for a person may still do; `budgetLeft`: credits, the key's where those are fewer. */
export type Allowance = { keyId: string | null; budgetLeft: number; ensure(call: Pick<Call, 'action' | 'sphereId'>, args: Record<string, unknown>, owners: Owned[]): void }

/** The sphere that something without one is put into. */
const PERSONAL = 1

type Worker = Pick<Call, 'caller' | 'runId'> & { keyId?: string | null }

/**
 * Asks for the allowance of who works for a person; undefined for the person themself, who needs none. Read anew for every
 * effect, in the round trip of BEGIN: a key that was revoked, a budget that was lowered hold from that commit on.
 */
export async function askAllowance(tx: EffectTx, { caller, runId, keyId }: Worker): Promise<Allowance | undefined> {
  if (caller.actor.kind === 'person' && !caller.key) return undefined
  const now = tx.now()
  const [row] = await tx.send(readAllowance({
    identityId: caller.identityId, sessionId: caller.sessionId || null, runId, keyId: caller.key?.id ?? keyId ?? (caller.actor.kind === 'api_key' ? caller.actor.id : null),
    period: periodOf(now), defaultLimit: tx.settings.BUDGET_CREDITS, now,
  }))
  return row && allowanceOf(row, now)
}

function allowanceOf(row: AllowanceRow, now: Date): Allowance {
  const ofIdentity = Number(row.left_of_identity)
  const ofKey = row.left_of_key === null ? Infinity : Number(row.left_of_key)
  return {
    keyId: row.key_id, budgetLeft: Math.max(0, Math.min(ofIdentity, ofKey)),
    ensure({ action, sphereId }, args, owners) {
      if (row.key_id !== null) {
        if (!row.key_live) throw Unauthenticated()
        if (action.keys === false || action.effect === 'GRANT') throw InsufficientScope({ scope: null })
        if (!covers(row.scopes ?? [], action)) throw InsufficientScope({ scope: action.name })
        if (row.spheres !== null && !staysWithin(row.spheres, { action, sphereId, args, owners })) throw CrossSphere({ policies: ['key_spheres'] })
      }
      const credits = action.credits ?? 1
      if (credits > ofIdentity || credits > ofKey) throw exceeded(credits > ofIdentity ? 'identity' : 'api_key', now)
    },
  }
}

type Reach = Pick<Call, 'action' | 'sphereId'> & { args: Record<string, unknown>; owners: Owned[] }

/** Rows that a key names lie in its spheres, what it makes goes there, and what it searches is searched there alone. */
function staysWithin(spheres: number[], { action, sphereId, args, owners }: Reach): boolean {
  if (!livesInSpheres(action.name.slice(0, action.name.indexOf('.')))) return false
  if (owners.some((owner) => owner.sphere_id === null || !spheres.includes(owner.sphere_id))) return false
  const target = action.sphereOf?.(args as never) ?? null
  if (target !== null) return spheres.includes(target)
  return owners.length > 0 || action.effect === 'READ' || spheres.includes(sphereId ?? PERSONAL)
}
