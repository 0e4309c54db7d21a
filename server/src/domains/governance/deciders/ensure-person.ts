import type { Caller } from '../../../platform/ctx.ts'
import { NoRobot } from './errors.ts'

/** Throws NoRobot unless a person themself asks: no agent, key, automation, nor Nova decides (product.md, invariant 9). */
export function ensurePerson({ actor, userId }: Caller): void {
  if (actor.kind !== 'person' || actor.id !== userId) throw NoRobot()
}
