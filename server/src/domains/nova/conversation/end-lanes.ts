import type { LaneState } from '../run/run-state.ts'

/** The lanes of a conversation that is over: what it did not need was skipped, and its record is written. */
export const endLanes = (lanes: LaneState[]): LaneState[] =>
  lanes.map((lane) => ({ ...lane, status: lane.lane === 'G' ? 'completed' : lane.status === 'pending' || lane.status === 'waiting' ? 'skipped' : lane.status }))
