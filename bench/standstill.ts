import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { FakeAnthropic, Script } from '../server/src/testing/fake-anthropic.ts'
import { createClient } from './load.ts'
import type { Bench } from './people.ts'

const RUNS = 50

const UPSTREAMS: Array<[string, number, Script]> = [
  ['at rest', 0, 'hang'],
  ['healthy upstream', RUNS, ({ body }) => (body.messages.length > 1 ? { say: 'Done.' } : { call: [{ tool: 'notes.create', args: { title: 'Milk' } }] })],
  ['hanging upstream', RUNS, 'hang'],
]

/** From the kill's request to its answer, after which nothing happens any more: at rest, and under 50 runs of Nova. The baseline is one bare write. */
export async function benchStandstill(bench: Bench, { fake, dataDir }: { fake: FakeAnthropic; dataDir: string }): Promise<void> {
  const headers = { 'x-architect-seal': (await readFile(join(dataDir, 'architect-seal'), 'utf8')).trim() }
  const client = createClient(bench.url, RUNS)
  const architect = createClient(bench.url, 1)
  const bareMs = await timeBareWrite(bench)
  console.log(`kill → standstill\n  bare write ${bareMs.toFixed(1).padStart(6)} ms`)
  for (const [what, runs, reply] of UPSTREAMS) {
    fake.otherwise(reply)
    const times: number[] = []
    for (let round = 0; round < bench.rounds * 3; round += 1) {
      const asked = fake.requests.length
      const upTo = { killed: false }
      const floods = Array.from({ length: runs }, async (_, loop) => {
        while (!upTo.killed) await client.call({ method: 'POST', path: '/api/v2/nova/query', token: bench.people[loop]?.token ?? '', body: { message: 'Note the milk' } })
      })
      await fake.asked(asked + runs)
      const begun = performance.now()
      const killed = await architect.call({ method: 'POST', path: '/api/atom/killswitch', headers, body: {} })
      times.push(performance.now() - begun)
      upTo.killed = true
      await Promise.all(floods)
      const revived = await architect.call({ method: 'POST', path: '/api/atom/revive', headers, body: {} })
      if (killed.status !== 200 || revived.status !== 200) throw new Error(`The fence answered ${killed.status}, ${revived.status}`)
      fake.reset()
    }
    const sorted = times.toSorted((a, b) => a - b)
    const median = sorted[Math.floor(sorted.length / 2)] ?? 0
    console.log(`  ${what.padEnd(16)} ${median.toFixed(0).padStart(5)} ms  slowest ${(sorted.at(-1) ?? 0).toFixed(0)} ms  ratio ${(median / bareMs).toFixed(1)}`)
  }
  client.close()
  architect.close()
}

async function timeBareWrite(bench: Bench): Promise<number> {
  const client = createClient(bench.bareUrl, 1)
  const times: number[] = []
  for (let n = 0; n < 50; n += 1) {
    const begun = performance.now()
    await client.call({ method: 'POST', path: '/notes', body: { identity_id: bench.people[0]?.identityId, title: 'Milk', body: '' } })
    times.push(performance.now() - begun)
  }
  client.close()
  return times.toSorted((a, b) => a - b)[25] ?? 0
}
