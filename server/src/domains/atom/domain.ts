import type { AnyAction } from '../../platform/action.ts'
import type { Domain } from '../../platform/domain.ts'
import type { Fence } from '../governance/fence/fence.ts'
import { resonate } from './resonate.ts'
import { atomRoutes } from './routes.ts'
import type { WrongSeals } from './wrong-seals.ts'

export const atom = ({ fence, wrongSeals }: { fence: Fence; wrongSeals: WrongSeals }): Domain => ({
  name: 'atom', tables: ['atom_resonance', 'atom_agents'], uses: ['audit', 'governance'], reads: ['agents', 'spheres', 'fence'],
  actions: [resonate] as unknown as AnyAction[], routes: atomRoutes(fence, wrongSeals),
})
