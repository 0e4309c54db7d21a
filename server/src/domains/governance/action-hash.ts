import { canonical, sha256 } from '../../platform/canonical.ts'
import type { Actor } from '../../platform/ctx.ts'

/** Everything an approval is bound to (product.md, invariant 2): one changed byte is another action. */
export type BoundAction = {
  tool: string
  toolVersion: number
  args: unknown
  actor: Actor
  identityId: string
  sphereId: number | null
  resources: Array<{ type: string; id: string; version: number }>
}

/** The RFC 8785 text of an action and its SHA-256. */
export function hashAction(action: BoundAction): { text: string; hash: string } {
  const text = canonical({
    tool: action.tool, tool_version: action.toolVersion, args: action.args, actor: action.actor, identity_id: action.identityId,
    sphere_id: action.sphereId, resources: action.resources.toSorted((a, b) => (a.id < b.id ? -1 : 1)),
  })
  return { text, hash: sha256(text) }
}
