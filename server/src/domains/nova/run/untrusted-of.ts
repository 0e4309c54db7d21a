import type { AnyAction } from '../../../platform/action.ts'
import type { Call } from '../../governance/gate.ts'
import type { RunState } from './run-state.ts'

/** What a run has read so far that others wrote: whatever it does next may have been led by that. */
export const untrustedOf = ({ actions }: Pick<RunState, 'actions'>, registered: ReadonlyMap<string, AnyAction>): NonNullable<Call['untrusted']> => actions
  .filter(({ tool, status }) => status === 'completed' && registered.get(tool)?.untrusted === true)
  .map(({ tool, args }) => ({ tool, ref: Object.values(args).find((value) => typeof value === 'string') ?? null }))
