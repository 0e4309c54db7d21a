/**
 * What a person may rely on at a checkpoint, as a state machine without time, network or database. Deleting a note is the
 * effect: bound to who asks, the note and its version, so that one hash is (asker, note, version).
 */
export type Asker = 'nova' | 'person'
/** `age` counts halves of a life: two are over. `id` is null until an answer or the database names it. */
export type Point = { id: string | null; asker: Asker; note: number; version: number; age: number; status: 'pending' | 'approved' | 'rejected' | 'cancelled'; effect: 'confirmed' | 'failed' | null }
export type State = { notes: Array<{ version: number; binned: boolean }>; points: Point[]; dormant: boolean }

export type Op =
  | { kind: 'ask'; asker: Asker; note: number }
  | { kind: 'approve' | 'reject' | 'cancel'; point: string }
  | { kind: 'expire'; point: string }
  | { kind: 'edit'; point: string; note: number }
  | { kind: 'change' | 'restore'; note: number }
  | { kind: 'kill' | 'revive' }
  | { kind: 'sweep' }
  | { kind: 'age' }

/** What may come of an operation: the state after it, what is answered, and the index of the checkpoint that the answer names. */
export type Outcome = { state: State; says: string; names?: number }

const LIFE = 2

export const isOver = ({ age }: Point): boolean => age >= LIFE
/** What its owner is told of it. */
export const statusOf = (point: Point): string => (point.status === 'pending' && isOver(point) ? 'expired' : point.status)

const changeNote = (state: State, at: number, to: Partial<State['notes'][number]>): State =>
  ({ ...state, notes: state.notes.map((note, index) => (index === at ? { ...note, ...to, version: note.version + 1 } : note)) })

const changePoint = (state: State, at: number, to: Partial<Point>): State =>
  ({ ...state, points: state.points.map((point, index) => (index === at ? { ...point, ...to } : point)) })

const addPoint = (state: State, asker: Asker, note: number): State =>
  ({ ...state, points: [...state.points, { id: null, asker, note, version: state.notes[note]?.version ?? 0, age: 0, status: 'pending', effect: null }] })

/** The checkpoint at which that very action waits. */
const findOpen = ({ points, notes }: State, asker: Asker, note: number): number =>
  points.findIndex((point) => point.asker === asker && point.note === note && point.version === notes[note]?.version && statusOf(point) === 'pending')

/** Everything that may come of an operation. `racing`: others happen beside it. */
export function outcomesOf(state: State, op: Op, racing: boolean): Outcome[] {
  switch (op.kind) {
    case 'ask': return ask(state, op.asker, op.note)
    case 'approve': return approve(state, op.point, racing)
    case 'reject': return decide(state, op.point, 'rejected')
    case 'cancel': return decide(state, op.point, 'cancelled')
    case 'edit': return edit(state, op.point, op.note)
    case 'expire': return [{ state: changePoint(state, indexOf(state, op.point), { age: LIFE }), says: 'done' }]
    case 'change': return write(state, op.note, { binned: false })
    case 'restore': return write(state, op.note, { binned: true })
    case 'kill': return [{ state: { ...state, dormant: true }, says: '200' }]
    case 'revive': return [{ state: { ...state, dormant: false }, says: '200' }]
    // It only writes down what is over already.
    case 'sweep': return [{ state, says: 'done' }]
    // What waits is frozen while the system is dormant.
    case 'age': return [{ state: state.dormant ? state : { ...state, points: state.points.map((point) => ({ ...point, age: point.age + 1 })) }, says: 'done' }]
  }
}

const indexOf = ({ points }: State, id: string): number => points.findIndex((point) => point.id === id)

function ask(state: State, asker: Asker, note: number): Outcome[] {
  if (state.dormant) return [{ state, says: '503' }]
  const open = findOpen(state, asker, note)
  const says = asker === 'nova' ? '423' : '201'
  return open >= 0 ? [{ state, says, names: open }] : [{ state: addPoint(state, asker, note), says, names: state.points.length }]
}

/** Why nothing can be decided any more; null when it can. */
function closedBecause(point: Point | undefined): string | null {
  if (!point) return '404'
  const status = statusOf(point)
  return status === 'expired' ? '410 gone' : status === 'pending' ? null : '409 conflict'
}

function approve(state: State, id: string, racing: boolean): Outcome[] {
  if (state.dormant) return [{ state, says: '503' }]
  const at = indexOf(state, id)
  const point = state.points[at]
  const closed = closedBecause(point)
  const note = state.notes[point?.note ?? -1]
  if (closed || !point || !note) return [{ state, says: closed ?? '404' }]
  if (note.version !== point.version) return askAnew(state, at, racing)
  if (note.binned) return [{ state: changePoint(state, at, { status: 'approved', effect: 'failed' }), says: '200' }]
  return [{ state: changeNote(changePoint(state, at, { status: 'approved', effect: 'confirmed' }), point.note, { binned: true }), says: '200' }]
}

/** A changed row: nothing is done, and the action as it is now waits. Two commits, between which others may come. */
function askAnew(state: State, at: number, racing: boolean): Outcome[] {
  const { asker, note } = state.points[at] as Point
  const ended = changePoint(state, at, { status: 'cancelled' })
  const alone: Outcome = { state: ended, says: '409 stale' }
  if (findOpen(state, asker, note) >= 0) return [alone]
  const anew: Outcome = { state: addPoint(ended, asker, note), says: '409 stale anew', names: state.points.length }
  return racing ? [anew, alone] : [anew]
}

function decide(state: State, id: string, status: 'rejected' | 'cancelled'): Outcome[] {
  if (state.dormant) return [{ state, says: '503' }]
  const at = indexOf(state, id)
  const closed = closedBecause(state.points[at])
  return closed ? [{ state, says: closed }] : [{ state: changePoint(state, at, { status }), says: '200' }]
}

function edit(state: State, id: string, note: number): Outcome[] {
  if (state.dormant) return [{ state, says: '503' }]
  const at = indexOf(state, id)
  const point = state.points[at]
  const closed = closedBecause(point)
  if (closed || !point) return [{ state, says: closed ?? '404' }]
  if (point.note === note) return [{ state, says: '409 conflict' }]
  const open = findOpen(state, point.asker, note)
  if (open >= 0) return [{ state, says: '409 waits_already' }]
  return [{ state: addPoint(changePoint(state, at, { status: 'cancelled' }), point.asker, note), says: '201', names: state.points.length }]
}

/** A person's own change, which needs nobody's approval: `binned` says whether it takes the note out of the bin. */
function write(state: State, at: number, { binned }: { binned: boolean }): Outcome[] {
  if (state.dormant) return [{ state, says: '503' }]
  if (state.notes[at]?.binned !== binned) return [{ state, says: binned ? '409 not_binned' : '410 binned' }]
  return [{ state: changeNote(state, at, { binned: false }), says: '200' }]
}
