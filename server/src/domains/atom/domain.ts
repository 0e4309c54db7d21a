import type { AnyAction } from '../../platform/action.ts'
import type { Domain } from '../../platform/domain.ts'
import type { RequireSceau } from './dispersal/routes.ts'
import type { PauseParts } from './pauses/routes.ts'
import { resonate } from './resonate.ts'
import { atomRoutes } from './routes.ts'
import { createWrongSeals, type WrongSeals } from './wrong-seals.ts'

/** `requireSceau` null: the routes of protocol-999 ask for no Sceau. */
export const atom = ({ platform, wrongSeals, requireSceau = null, ...parts }: Omit<PauseParts, 'wrongKeys'> & { wrongSeals: WrongSeals; requireSceau?: RequireSceau }): Domain => ({
  name: 'atom', tables: ['atom_resonance', 'atom_agents'], uses: ['audit', 'governance'],
  reads: ['agents', 'spheres', 'identities', 'fence', 'fence_pauses', 'checkpoints', 'outbox'],
  actions: [resonate] as unknown as AnyAction[],
  routes: atomRoutes({ ...parts, platform, requireSceau, wrongSeals, wrongKeys: createWrongSeals(platform, 'atom.operator_refused') }),
})
