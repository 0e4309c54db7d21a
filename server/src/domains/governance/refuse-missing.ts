import type { Ref } from '../../platform/action.ts'
import type { ReadCtx } from '../../platform/ctx.ts'
import { NotFound } from '../../platform/problems.ts'
import { CrossSphere, IdentityBoundary } from './errors.ts'
import { findOwners } from './queries.ts'

/** Says why a read found nothing: 403 for another identity's row, 404 for an id that exists nowhere. */
export async function refuseMissing(ctx: ReadCtx, resource: Ref): Promise<never> {
  const [owner] = await ctx.tx.send(findOwners([resource.type], [resource.id]).compile(ctx.db))
  const { spheres } = ctx.caller
  if (owner?.identity_id === ctx.identityId && spheres && owner.sphere_id !== null && !spheres.includes(owner.sphere_id)) throw CrossSphere({ policies: ['key_spheres'] })
  throw owner && owner.identity_id !== ctx.identityId ? IdentityBoundary({ resource }) : NotFound()
}
