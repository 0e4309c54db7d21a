import { outcomesOf, statusOf, type Op, type Outcome, type Point, type State } from './checkpoint-model.ts'

/** What was answered, and the checkpoint that the answer names; null: nobody heard, so it happened or did not. */
export type Heard = { says: string; id: string | null } | null
export type Done = { op: Op; heard: Heard }
/** What the database holds afterwards; a point as its owner is told of it. */
export type Seen = { notes: State['notes']; dormant: boolean; points: Array<{ id: string; asker: string; note: number; version: number; status: string; effect: string | null }> }

/**
 * The state in which operations that ran at once left the model: undefined when no order of them, each at once and whole,
 * explains all that was answered and seen (linearizability). A lost answer may stand for an operation that never happened.
 */
export function explain(from: State, done: readonly Done[], seen: Seen): State | undefined {
  return search(from, done, seen, done.length > 1 || done.some(({ heard }) => heard === null))
}

function search(state: State, left: readonly Done[], seen: Seen, racing: boolean): State | undefined {
  if (left.length === 0) return meet(state, seen)
  for (const [index, next] of left.entries()) {
    const rest = left.toSpliced(index, 1)
    for (const after of [...(next.heard === null ? [state] : []), ...outcomesOf(state, next.op, racing).flatMap((outcome) => hear(outcome, next.heard))]) {
      const found = search(after, rest, seen, racing)
      if (found) return found
    }
  }
  return undefined
}

/** The state after an outcome, if that is what was heard. */
function hear({ state, says, names }: Outcome, heard: Heard): State[] {
  if (heard === null) return [state]
  if (heard.says !== says) return []
  if (names === undefined) return [state]
  const point = state.points[names] as Point
  if (point.id !== null) return point.id === heard.id ? [state] : []
  if (heard.id === null || state.points.some(({ id }) => id === heard.id)) return []
  return [{ ...state, points: state.points.map((one, index) => (index === names ? { ...one, id: heard.id } : one)) }]
}

const faceOf = ({ asker, note, version, status, effect }: Omit<Seen['points'][number], 'id'>): string => [asker, note, version, status, effect].join()

/** The state with every checkpoint named, if it is what the database holds. */
function meet(state: State, seen: Seen): State | undefined {
  if (state.dormant !== seen.dormant || JSON.stringify(state.notes) !== JSON.stringify(seen.notes) || state.points.length !== seen.points.length) return undefined
  const unnamed = seen.points.filter(({ id }) => !state.points.some((point) => point.id === id))
  const points: Point[] = []
  for (const point of state.points) {
    const face = faceOf({ ...point, status: statusOf(point) })
    const row = point.id === null ? unnamed.find((one) => faceOf(one) === face) : seen.points.find(({ id }) => id === point.id)
    if (!row || faceOf(row) !== face) return undefined
    if (point.id === null) unnamed.splice(unnamed.indexOf(row), 1)
    points.push({ ...point, id: row.id })
  }
  return { ...state, points }
}
