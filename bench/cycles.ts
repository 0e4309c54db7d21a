import { createClient, measure, type Figures } from './load.ts'
import type { Bench } from './people.ts'

/** Full cycles, hold then approve, against two bare routes that do the same writes. Notes are made beforehand. */
export async function benchCycles(bench: Bench): Promise<void> {
  for (const concurrency of [1, 16, 50]) {
    const bare = await runBareCycles(bench, concurrency)
    const governed = await runCycles(bench, concurrency)
    console.log(`hold → approve at ${concurrency} concurrent\n  bare       ${bare.perSecond.toFixed(0).padStart(6)}/s  p95 ${bare.p95.toFixed(1)} ms\n  governed   ${governed.perSecond.toFixed(0).padStart(6)}/s  p95 ${governed.p95.toFixed(1)} ms  ratio ${(governed.perSecond / bare.perSecond).toFixed(2)}`)
  }
}

/** Notes to delete, as many as a measurement can use up. */
async function prepareNotes(bench: Bench, table: 'notes' | 'bare_notes'): Promise<string[][]> {
  const each = Math.ceil((bench.seconds * 2_500) / bench.people.length) + 50
  return Promise.all(bench.people.map(async ({ identityId }) => {
    const insert = table === 'notes'
      ? `insert into notes (id, identity_id, sphere_id, title, title_key, body, created_at, updated_at) select gen_random_uuid(), $1, 1, 'Groceries', 'groceries', 'milk', now(), now() from generate_series(1, $2) returning id`
      : `insert into bare_notes (id, identity_id, title, body, at) select gen_random_uuid(), $1, 'Groceries', 'milk', now() from generate_series(1, $2) returning id`
    const { rows } = await bench.owner.pool.query<{ id: string }>(insert, [identityId, each])
    return rows.map((row) => row.id)
  }))
}

const supply = (notes: string[][]) => (person: number): string => {
  const id = notes[person]?.pop()
  if (!id) throw new Error('The prepared notes are used up')
  return id
}

async function runBareCycles(bench: Bench, concurrency: number): Promise<Figures> {
  const next = supply(await prepareNotes(bench, 'bare_notes'))
  const client = createClient(bench.bareUrl, concurrency)
  const figures = await measure({
    concurrency, seconds: bench.seconds,
    work: async (loop) => {
      const person = spread(bench, loop)
      const identityId = bench.people[person]?.identityId
      const held = await client.call({ method: 'POST', path: '/hold', body: { identity_id: identityId, note_id: next(person) } })
      const done = await client.call({ method: 'POST', path: '/approve', body: { identity_id: identityId, id: held.body.id } })
      if (held.status !== 423 || done.status !== 200) throw new Error(`bare answered ${held.status}, ${done.status}`)
    },
  })
  client.close()
  return figures
}

async function runCycles(bench: Bench, concurrency: number): Promise<Figures> {
  const next = supply(await prepareNotes(bench, 'notes'))
  const client = createClient(bench.url, concurrency)
  const figures = await measure({
    concurrency, seconds: bench.seconds,
    work: async (loop) => {
      const person = spread(bench, loop)
      const token = bench.people[person]?.token ?? ''
      const held = await client.call({ method: 'POST', path: '/api/v2/nova/query', token, body: { message: '', action: { tool: 'notes.delete', args: { note_id: next(person) } } } })
      const { id } = held.body.checkpoint as { id: string }
      const done = await client.call({ method: 'POST', path: `/api/v2/governance/checkpoints/${id}/approve`, token, body: {} })
      if (held.status !== 423 || done.status !== 200) throw new Error(`Nova answered ${held.status}, ${done.status}`)
    },
  })
  client.close()
  return figures
}

let turn = 0
/** At low concurrency the loops take turns over all people, so that no one's notes run out. */
const spread = (bench: Bench, loop: number): number => (turn += 1, (loop + turn * 7) % bench.people.length)
