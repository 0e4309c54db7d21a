import type { Owner } from '../server/src/platform/db/migrate.ts'
import { createClient } from './load.ts'

export type BenchPerson = { token: string; identityId: string; userId: string }
export type Bench = {
  url: string; bareUrl: string; owner: Owner; people: BenchPerson[]
  /** Seconds of one measurement, and how often bare and governed take turns. */
  seconds: number; rounds: number
  millions: boolean
  usage(): Promise<{ cpuMs: number; rssMiB: number }>
}

/** People with identities of their own; the bare route gets a chain for each of them too. */
export async function registerPeople(bench: Bench, count: number): Promise<BenchPerson[]> {
  const client = createClient(bench.url, 2)
  const people: BenchPerson[] = []
  for (let index = 0; index < count; index += 1) {
    const { status, body } = await client.call({ method: 'POST', path: '/api/v2/auth/register', body: { email: `bench-${index}@example.org`, password: 'Correct horse 42!', name: 'Bench' } })
    if (status !== 201) throw new Error(`Registration answered ${status}: ${JSON.stringify(body)}`)
    const { access_token: token, identity, user } = body as { access_token: string; identity: { id: string }; user: { id: string } }
    people.push({ token, identityId: identity.id, userId: user.id })
    await bench.owner.pool.query(`insert into bare_heads values ($1, 0, '')`, [identity.id])
  }
  client.close()
  return people
}
