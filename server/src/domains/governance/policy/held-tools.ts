import type { Actor, Via } from '../../../platform/ctx.ts'
import type { IdentityId, UserId } from '../../../platform/ids.ts'
import { decideCall } from '../../policies/decide-call.ts'
import { versionsFor } from '../../policies/versions-for.ts'
import type { Gate } from '../gate.ts'

/** The tools that an actor may not use without being asked about or refused, whatever the arguments: for who chooses a tool. */
export async function findHeldTools(gate: Gate, { identityId, userId }: { identityId: IdentityId; userId: UserId }, { actor, via }: { actor: Actor; via: Via }): Promise<Set<string>> {
  return gate.platform.store.within({ identityId, userId }, async (tx) => {
    const versions = await versionsFor(tx, identityId)
    const held = new Set<string>()
    for (const action of gate.actions.values()) {
      const { decision } = await decideCall({ engine: gate.engine, tx, versions, dry: true, question: {
        actor, identityId, via, action, facts: {}, args: {}, resources: [], leavesSphere: false, threadId: null, budgetLeft: null, untrusted: [], approval: null, grant: null,
        at: gate.platform.clock.now(), timeZone: gate.platform.settings.TIME_ZONE,
      } })
      if (decision.verdict !== 'allow') held.add(action.name)
    }
    return held
  })
}
