import { randomUUID } from 'node:crypto'
import { client, register, type Answer, type Client, type Person } from '../person.ts'
import type { Random } from './random.ts'

/** A note as its writer knows it: its body and its version count the writes, of which `acked` were answered. */
type Written = { person: Person; title: string; key: string; id: string | undefined; acked: number; sent: number }

/** Everything that writers sent, by the titles of their notes, and how much of it was acknowledged. */
export type Ledger = { people: Person[]; notes: Map<string, Written>; acks: number }

export async function createLedger(url: string, people: number): Promise<Ledger> {
  return { people: await Promise.all(Array.from({ length: people }, () => register(url))), notes: new Map(), acks: 0 }
}

/** Lets `count` writers create and change notes until the server dies under them. */
export async function writeUntilDown(url: string, ledger: Ledger, given: { count: number; random: Random; onAck: () => void }): Promise<void> {
  await Promise.all(Array.from({ length: given.count }, async (_, number) => {
    const person = ledger.people[number % ledger.people.length]
    if (!person) throw new Error('A ledger has people')
    for (let note: Written | undefined; ;) {
      note = note && given.random.chance(0.5) ? note : addNote(ledger, person)
      if (!(await write(client(url, person.token), note))) return
      ledger.acks += 1
      given.onAck()
    }
  }))
}

function addNote({ notes }: Ledger, person: Person): Written {
  const note: Written = { person, title: `n-${randomUUID()}`, key: randomUUID(), id: undefined, acked: 0, sent: 0 }
  notes.set(note.title, note)
  return note
}

/** Writes the note's next version; false when the server is down. Any other refusal is a fault. */
async function write(person: Client, note: Written): Promise<boolean> {
  note.sent += 1
  const body = `v${note.sent}`
  const answer = await (note.id ? person.patch(`/api/v2/notes/${note.id}`, { body }) : create(person, note)).catch(() => undefined)
  if (answer === undefined || answer.status === 503) return false
  ensureDone(answer)
  note.id = answer.body.id
  note.acked = note.sent
  return true
}

const create = (person: Client, { title, key }: Written): Promise<Answer> => person.post('/api/v2/notes', { title, body: 'v1' }, { 'idempotency-key': key })

function ensureDone({ status, body }: Answer): void {
  if (status >= 300) throw new Error(`It was answered ${status}: ${JSON.stringify(body)}`)
}

/** Sends once more what was never answered, under its key: then the real answer comes, and the note exists once. */
export async function repeatUnanswered(url: string, { notes }: Ledger): Promise<number> {
  const unanswered = [...notes.values()].filter(({ id }) => id === undefined)
  for (const note of unanswered) {
    const answer = await create(client(url, note.person.token), note)
    ensureDone(answer)
    note.id = answer.body.id
    note.acked = 1
  }
  return unanswered.length
}

/** What the server has now against what was sent. `writes` counts those that it shows: each has one audit event. */
export type Found = { lost: string[]; ghosts: string[]; doubles: string[]; writes: number }

export async function compare(url: string, { people, notes }: Ledger): Promise<Found> {
  const present = (await Promise.all(people.map(({ token }) => listNotes(client(url, token))))).flat()
  const byTitle = Map.groupBy(present, ({ title }) => title)
  const writtenTo = ({ body }: { body: string }): number => Number(body.slice(1))
  return {
    lost: [...notes.values()].filter(({ title, acked }) => !(byTitle.get(title) ?? [{ body: 'v0' }]).every((one) => writtenTo(one) >= acked)).map(({ title }) => title),
    ghosts: present.filter((one) => writtenTo(one) > (notes.get(one.title)?.sent ?? 0)).map(({ title }) => title),
    doubles: [...byTitle.values()].flat().filter((one) => byTitle.get(one.title)?.length !== 1 || one.version !== writtenTo(one)).map(({ title }) => title),
    writes: present.reduce((sum, { version }) => sum + version, 0),
  }
}

async function listNotes(person: Client): Promise<Array<{ title: string; body: string; version: number }>> {
  const all = []
  for (let next: string | null = ''; next !== null;) {
    const answer: Answer = await person.get(`/api/v2/notes?limit=100${next}`)
    ensureDone(answer)
    all.push(...answer.body.items)
    next = answer.body.next_cursor && `&cursor=${encodeURIComponent(answer.body.next_cursor)}`
  }
  return all
}
