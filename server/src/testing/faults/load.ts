import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { setTimeout as wait } from 'node:timers/promises'
import type { Pool } from 'pg'
import { client, type Answer, type Person } from '../person.ts'

/** Writers that repeat each request under its key until it is answered for good, whatever happens between them and the database. */
export type Load = {
  /** Runs until `acks` more writes were acknowledged. */
  write(given: { writers: number; acks: number; onAck?: (acks: number) => void }): Promise<void>
  /** Every write that was acknowledged: title → id of its note. */
  acked: Map<string, string>
  /** How requests were answered, by status; 0 for no answer. */
  statuses: Map<number, number>
}

const RETRY_MS = 25
const TRIES_MAX = 4_000

export function createLoad(urls: readonly string[], people: readonly Person[]): Load {
  const acked = new Map<string, string>()
  const statuses = new Map<number, number>()
  const count = (status: number): void => { statuses.set(status, (statuses.get(status) ?? 0) + 1) }

  async function writeOne(number: number, onAck: () => void): Promise<void> {
    const person = people[number % people.length] ?? assert.fail()
    const [title, key] = [`n-${randomUUID()}`, randomUUID()]
    for (let tries = 0; tries < TRIES_MAX; tries += 1) {
      const url = urls[(number + tries) % urls.length] ?? assert.fail()
      const answer: Answer | undefined = await client(url, person.token).post('/api/v2/notes', { title }, { 'idempotency-key': key }).catch(() => undefined)
      count(answer?.status ?? 0)
      if (answer?.status === 201) {
        acked.set(title, answer.body.id)
        return onAck()
      }
      assert.ok(answer === undefined || [503, 504, 507].includes(answer.status), `an honest answer, not ${answer?.status} ${JSON.stringify(answer?.body)}`)
      await wait(RETRY_MS)
    }
    throw new Error(`A write was not answered after ${TRIES_MAX} tries`)
  }

  return {
    acked, statuses,
    async write({ writers, acks, onAck = () => {} }) {
      let begun = 0
      let done = 0
      await Promise.all(Array.from({ length: writers }, async (_, number) => {
        for (; begun < acks;) {
          begun += 1
          await writeOne(number, () => { onAck(done += 1) })
        }
      }))
    },
  }
}

export type Tally = { lost: string[]; ghosts: string[]; doubles: string[]; unaudited: string[] }

/** What the database holds against what was acknowledged: nothing lost, made up or twice, and one audit event for each. */
export async function tally(owner: Pool, acked: ReadonlyMap<string, string>): Promise<Tally> {
  const { rows } = await owner.query<{ title: string; ids: string[]; audited: number }>(`
    select n.title, array_agg(n.id::text) as ids,
      (select count(*)::int from audit_events a where a.resource_type = 'note' and a.resource_id = any(array_agg(n.id::text)) and a.action = 'notes.create') as audited
    from notes n where n.title like 'n-%' group by n.title`)
  const found = new Map(rows.map((row) => [row.title, row]))
  return {
    lost: [...acked].filter(([title, id]) => !found.get(title)?.ids.includes(id)).map(([title]) => title),
    ghosts: rows.filter(({ title }) => !acked.has(title)).map(({ title }) => title),
    doubles: rows.filter(({ ids }) => ids.length !== 1).map(({ title }) => title),
    unaudited: rows.filter(({ audited }) => audited !== 1).map(({ title }) => title),
  }
}

export const NOTHING_WRONG: Tally = { lost: [], ghosts: [], doubles: [], unaudited: [] }

/** Positive control: a write that never was shows as lost, and one that nobody acknowledged as made up. */
export async function tallySees(owner: Pool, acked: ReadonlyMap<string, string>): Promise<'caught' | 'not caught'> {
  const [[title = '', id = ''] = []] = acked
  const { lost, ghosts } = await tally(owner, new Map([...[...acked].filter(([one]) => one !== title), ['n-never', id]]))
  return lost.includes('n-never') && ghosts.includes(title) ? 'caught' : 'not caught'
}
