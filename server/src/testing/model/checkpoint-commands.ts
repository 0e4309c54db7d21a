import assert from 'node:assert/strict'
import fc from 'fast-check'
import type { Asker, Op, State } from './checkpoint-model.ts'
import type { Desk, Effect } from './checkpoint-desk.ts'
import { explain } from './explain.ts'

export type Real = { desk: Desk; restart(): Promise<void>; /** Counts what was tried, for the report. */ tried: Map<string, number> }
type Model = { state: State }
type Command = fc.AsyncCommand<Model, Real, boolean>

const NOTES = 3
/** Checkpoints that an operation chooses from: the newest, so that they meet. */
const NEWEST = 4

/** An operation whose checkpoint is still to be chosen among those that there are. */
type Wish = { kind: Op['kind']; asker: Asker; note: number; point: number }

function grant({ kind, asker, note, point }: Wish, { points }: State): Op[] {
  if (kind === 'ask') return [{ kind, asker, note }]
  if (kind === 'change' || kind === 'restore') return [{ kind, note }]
  if (kind === 'kill' || kind === 'revive' || kind === 'sweep' || kind === 'age') return [{ kind }]
  const id = points[Math.max(0, points.length - NEWEST) + point % Math.min(NEWEST, points.length || 1)]?.id
  if (!id) return []
  return [kind === 'edit' ? { kind, point: id, note } : { kind, point: id }]
}

/** Operations that happen at once over both servers, whole or cut in the middle by a crash. */
class AtOnce implements Command {
  readonly wishes: Wish[]
  readonly crashed: boolean
  readonly first: number
  constructor(wishes: Wish[], crashed: boolean, first: number) {
    this.wishes = wishes
    this.crashed = crashed
    this.first = first
  }

  check({ state }: Readonly<Model>): boolean { return this.wishes.some((wish) => grant(wish, state).length > 0) }

  async run(model: Model, { desk, tried }: Real): Promise<void> {
    const ops = this.wishes.flatMap((wish) => grant(wish, model.state))
    const done = await desk.doAll(ops, this)
    const seen = await desk.look()
    const after = explain(model.state, done, seen)
    assert.ok(after, `No order explains this. Before: ${JSON.stringify(model.state)}. Answered: ${JSON.stringify(done)}. Afterwards: ${JSON.stringify(seen)}`)
    ensureOnce(await desk.effects(), after)
    for (const { kind } of ops) tried.set(kind, (tried.get(kind) ?? 0) + 1)
    if (this.crashed) tried.set('crash', (tried.get('crash') ?? 0) + 1)
    model.state = after
  }

  toString(): string { return `${this.crashed ? 'cut: ' : ''}${this.wishes.map(({ kind, asker, note, point }) => `${kind}(${asker} note ${note} point ${point})`).join(' ∥ ')} from ${this.first}` }
}

/** One server ends as it should and another takes its place: nothing of what waits is kept in a process. */
class Restart implements Command {
  check(): boolean { return true }
  async run(model: Model, { desk, restart, tried }: Real): Promise<void> {
    await restart()
    assert.ok(explain(model.state, [], await desk.look()))
    tried.set('restart', (tried.get('restart') ?? 0) + 1)
  }
  toString(): string { return 'restart' }
}

/**
 * The property: each effect happened zero or one times, and once exactly when an approval in its time for that very hash
 * was spent. It is read from the record, from the events and from the spent approvals, which know nothing of each other.
 */
export function ensureOnce(effects: Effect[], { points, notes }: State): void {
  for (const { point, status, effect, spent, inTime, done, sameHash, told } of effects) {
    const known = points.find(({ id }) => id === point)
    const wanted = known?.effect === 'confirmed' ? 1 : 0
    assert.deepEqual({ done, sameHash, spent, inTime }, { done: wanted, sameHash: wanted, spent: known?.status === 'approved', inTime: known?.status === 'approved' }, `${point} is ${status}, its effect ${effect}`)
    assert.equal(told, points.filter(({ note, effect: its }) => note === known?.note && its === 'confirmed').length, 'deletions of its note that were told')
  }
  for (const [note] of notes.entries()) {
    const hashes = points.filter((one) => one.note === note && one.effect === 'confirmed').map(({ asker, version }) => `${asker} ${version}`)
    assert.equal(new Set(hashes).size, hashes.length, 'one hash was done twice')
  }
}

const wish = (kinds: fc.Arbitrary<Op['kind']>): fc.Arbitrary<Wish> =>
  fc.record({ kind: kinds, asker: fc.constantFrom<Asker>('nova', 'person'), note: fc.nat(NOTES - 1), point: fc.nat(NEWEST - 1) })

const RACING = fc.oneof(
  { weight: 4, arbitrary: fc.constant<Op['kind']>('ask') }, { weight: 6, arbitrary: fc.constant<Op['kind']>('approve') },
  { weight: 3, arbitrary: fc.constantFrom<Op['kind']>('reject', 'edit', 'change') }, { weight: 2, arbitrary: fc.constantFrom<Op['kind']>('cancel', 'expire', 'restore', 'sweep') },
  { weight: 1, arbitrary: fc.constantFrom<Op['kind']>('kill', 'revive') },
)
const ALONE = fc.constantFrom<Op['kind']>('age', 'age', 'ask', 'ask', 'ask', 'approve', 'edit', 'restore', 'restore', 'change', 'kill', 'revive', 'revive', 'revive', 'age', 'reject')

const first = fc.nat(1)

/** Where every run begins: something waits at each note. */
export const begin = (model: Model, real: Real): Promise<void> =>
  new AtOnce(Array.from({ length: NOTES }, (_, note) => ({ kind: 'ask', asker: note % 2 ? 'person' : 'nova', note, point: 0 })), false, 0).run(model, real)

export type Made = { /** Some of it is cut by crashes. */ cut: boolean; restarts: boolean; /** The clock of the servers can be moved. */ ages: boolean; max: number }

/** What a run is made of. */
export const commandsOf = ({ cut, restarts, ages, max }: Made) => fc.commands([
  fc.tuple(wish(ages ? ALONE : ALONE.filter((kind) => kind !== 'age')), first).map(([one, at]): Command => new AtOnce([one], false, at)),
  ...[1, 2, 3].map(() => fc.tuple(fc.array(wish(RACING), { minLength: 2, maxLength: 4 }), first).map(([some, at]): Command => new AtOnce(some, false, at))),
  ...(cut ? [fc.tuple(fc.array(wish(RACING), { minLength: 1, maxLength: 3 }), first).map(([some, at]) => new AtOnce(some, true, at))] : []),
  ...(restarts ? [fc.nat(3).map((n): Command => (n === 0 ? new Restart() : new AtOnce([{ kind: 'ask', asker: 'nova', note: n - 1, point: 0 }], false, n)))] : []),
], { maxCommands: max, size: 'max' })
