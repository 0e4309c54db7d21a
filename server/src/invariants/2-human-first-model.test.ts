import assert from 'node:assert/strict'
import { after, before, suite, test } from 'node:test'
import fc from 'fast-check'
import { createDatabase } from '../testing/database.ts'
import { report } from '../testing/faults/report.ts'
import { roundsOf } from '../testing/faults/rounds.ts'
import { besideProcess, openDesk, twoServers, type Servers } from '../testing/model/checkpoint-desk.ts'
import { begin, commandsOf, type Real } from '../testing/model/checkpoint-commands.ts'
import type { State } from '../testing/model/checkpoint-model.ts'
import { explain, type Seen } from '../testing/model/explain.ts'
import { atEnd, emptyFolder } from '../testing/process/at-end.ts'
import { createRandom } from '../testing/process/random.ts'
import { startServer, type ServerProcess } from '../testing/process/server-process.ts'
import { startWorld, type World } from '../testing/world.ts'

type Tried = Map<string, number>
/** Nova asks more often here than anybody does in a minute; what a flood does has its own tests. */
const PATIENT = { FLOOD_HELD: '10000', OPEN_PER_HOUR: '10000' }

/** Runs of the model against the servers; what was tried. Throws with the seed and the run that broke it. */
async function holds(servers: Servers, { seed, runs, cut = true, ages = true }: { seed: number; runs: number; cut?: boolean; ages?: boolean }): Promise<Tried> {
  const tried: Tried = new Map()
  const setup = async () => {
    const desk = await openDesk(servers)
    const real: Real = { desk, restart: () => servers.restart(), tried }
    const model = { state: desk.initial }
    await begin(model, real)
    return { model, real }
  }
  await fc.assert(fc.asyncProperty(commandsOf({ cut, restarts: cut, ages, max: 24 }), (commands) => fc.asyncModelRun(setup, commands)), { seed, numRuns: runs, endOnFailure: true })
  return tried
}

const POINT = { asker: 'nova', note: 0, version: 1 } as const
const WAITING: State = { notes: [{ version: 1, binned: false }], points: [{ ...POINT, id: 'p', age: 0, status: 'pending', effect: null }], dormant: false }
const DELETED: Seen = { notes: [{ version: 2, binned: true }], points: [{ ...POINT, id: 'p', status: 'approved', effect: 'confirmed' }], dormant: false }

suite('Invariant 2 as a model: any interleaving of request, approve, reject, edit, expire, kill, revive and crash', () => {
  let one: World
  let servers: Awaited<ReturnType<typeof twoServers>>
  before(async () => {
    one = await startWorld({ settings: PATIENT })
    servers = await twoServers(one)
  })
  after(async () => {
    await servers.close()
    await one.close()
  })

  test('CHK-05, CHK-06, CHK-08: each effect happens zero or one times, and exactly when an approval in time for that very hash was spent', async (t) => {
    const { seed } = createRandom()
    t.diagnostic(`CHENU_SEED=${seed}`)
    const rounds = roundsOf({ short: 6, long: 200 })

    const tried = await holds(servers, { seed, runs: rounds })

    const cases = [...tried.values()].reduce((sum, count) => sum + count, 0)
    assert.ok(cases > rounds * 3, `too little was tried: ${cases}`)
    report(t, { fault: 'F-19', rounds, cases, doubles: 0, control: await forgetful(seed), note: `model: ${[...tried].map(([kind, count]) => `${kind} ${count}`).join(', ')}` })
  })

  test('CHK-08: the same with a server in a process of its own, which dies by kill -9', async (t) => {
    const { seed } = createRandom()
    t.diagnostic(`CHENU_SEED=${seed}`)
    const database = await createDatabase()
    atEnd(t, () => database.drop())
    const dataDir = await emptyFolder(t)
    const start = (): Promise<ServerProcess> => startServer(t, { settings: { DATA_DIR: dataDir, DATABASE_URL: database.url, RATE_LIMIT: 'off', LOG_LEVEL: 'warn', SAFEGUARD: 'off', ...PATIENT } })
    const server = await start()
    const world = await startWorld({ database, dataDir, settings: PATIENT })
    atEnd(t, () => world.close())
    const rounds = roundsOf({ short: 1, long: 60 })

    const tried = await holds(besideProcess(world, start, server), { seed, runs: rounds, ages: false })

    t.diagnostic([...tried].map(([kind, count]) => `${kind} ${count}`).join(', '))
  })

  /** Positive control: a database that forgets that an approval was spent. The effect is done, and its checkpoint waits on. */
  async function forgetful(seed: number): Promise<'caught' | 'not caught'> {
    const world = await startWorld({ settings: PATIENT })
    const both = await twoServers(world)
    await world.owner.query(`
      create function forget_spent() returns trigger language plpgsql as $$ begin new.status := 'pending'; new.spent_at := null; return new; end $$;
      create trigger forget_spent before update on checkpoints for each row when (new.status = 'approved') execute function forget_spent()`)
    try {
      await holds(both, { seed, runs: 20, cut: false })
      return 'not caught'
    } catch (error) {
      return /No order explains this/.test(String((error as Error).cause)) ? 'caught' : 'not caught'
    } finally {
      await both.close()
      await world.close()
    }
  }

  test('positive control: what no order explains is seen, and what one does is not', () => {
    const approved = { op: { kind: 'approve', point: 'p' }, heard: { says: '200', id: null } } as const
    const late = { op: { kind: 'approve', point: 'p' }, heard: { says: '409 conflict', id: null } } as const
    const rejected = { op: { kind: 'reject', point: 'p' }, heard: { says: '200', id: null } } as const
    const killed = { op: { kind: 'kill' }, heard: { says: '200', id: null } } as const
    const lost = { op: { kind: 'approve', point: 'p' }, heard: null } as const
    const waiting: Seen = { ...DELETED, notes: WAITING.notes, points: [{ ...POINT, id: 'p', status: 'pending', effect: null }] }
    const twice: Seen = { ...DELETED, notes: [{ version: 3, binned: true }] }

    for (const done of [[approved], [late, approved], [lost]]) assert.ok(explain(WAITING, done, DELETED))
    assert.ok(explain(WAITING, [lost], waiting))
    assert.ok(explain(WAITING, [approved, killed], { ...DELETED, dormant: true }))
    for (const done of [[approved, approved], [approved, rejected], [late], [rejected]]) assert.equal(explain(WAITING, done, DELETED), undefined)
    for (const seen of [waiting, twice]) assert.equal(explain(WAITING, [approved], seen), undefined)
    assert.equal(explain({ ...WAITING, dormant: true }, [approved], { ...DELETED, dormant: true }), undefined)
  })
})
