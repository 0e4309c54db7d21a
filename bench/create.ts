import { createClient, measure, type Figures } from './load.ts'
import type { Bench } from './people.ts'

const ms = (value: number): string => `${value.toFixed(1)} ms`.padStart(9)
const row = (name: string, figures: Figures, ratio: string): void =>
  console.log(`  ${name.padEnd(10)} ${figures.perSecond.toFixed(0).padStart(6)}/s  p50 ${ms(figures.p50)}  p95 ${ms(figures.p95)}  p99 ${ms(figures.p99)}  ${ratio}`)

const median = (figures: Figures[]): Figures => figures.toSorted((a, b) => a.perSecond - b.perSecond)[Math.floor(figures.length / 2)] as Figures

/** Governed structured CREATE against the bare route, in turn, at three concurrencies. */
export async function benchCreate(bench: Bench): Promise<void> {
  for (const concurrency of [1, 16, 50]) {
    const bare: Figures[] = []
    const governed: Figures[] = []
    let cpuMs = 0
    for (let round = 0; round < bench.rounds; round += 1) {
      bare.push(await runBare(bench, concurrency))
      const before = await bench.usage()
      governed.push(await runGoverned(bench, concurrency))
      cpuMs += (await bench.usage()).cpuMs - before.cpuMs
    }
    const runs = governed.reduce((sum, { count }) => sum + count, 0)
    console.log(`CREATE at ${concurrency} concurrent`)
    row('bare', median(bare), '')
    row('governed', median(governed), `ratio ${(median(governed).perSecond / median(bare).perSecond).toFixed(2)}  server CPU ${(cpuMs / runs).toFixed(2)} ms a run`)
  }
}

export async function runBare(bench: Bench, concurrency: number): Promise<Figures> {
  const client = createClient(bench.bareUrl, concurrency)
  const figures = await measure({
    concurrency, seconds: bench.seconds,
    work: async (loop) => {
      const { status } = await client.call({ method: 'POST', path: '/notes', body: { identity_id: bench.people[loop % bench.people.length]?.identityId, title: 'Groceries', body: 'milk' } })
      if (status !== 201) throw new Error(`bare answered ${status}`)
    },
  })
  client.close()
  return figures
}

export async function runGoverned(bench: Bench, concurrency: number): Promise<Figures> {
  const client = createClient(bench.url, concurrency)
  const figures = await measure({
    concurrency, seconds: bench.seconds,
    work: async (loop) => {
      const { status, body } = await client.call({
        method: 'POST', path: '/api/v2/nova/query', token: bench.people[loop % bench.people.length]?.token ?? '',
        body: { message: '', sphere_id: 1, action: { tool: 'notes.create', args: { title: 'Groceries', body: 'milk' } } },
      })
      if (status !== 200) throw new Error(`Nova answered ${status}: ${JSON.stringify(body)}`)
    },
  })
  client.close()
  return figures
}
