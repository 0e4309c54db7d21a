import assert from 'node:assert/strict'
import { newId, type IdentityId, type SessionId, type UserId } from '../../../platform/ids.ts'
import { NO_PROOF, type Caller } from '../../../platform/ctx.ts'
import type { Answer, Person } from '../../../testing/person.ts'
import type { World } from '../../../testing/world.ts'
import type { Role } from '../../policies/requirement.ts'

/** Who may decide by role for the identity of one person, as an organisation would say; everybody else decides for themself. */
export function seatPeople(worlds: World[], of: Person, byRole: Partial<Record<Role, readonly string[]>>): void {
  for (const { app: { gate } } of worlds) {
    const before = gate.deciders
    gate.deciders = (tx, wanted) => (wanted.identityId === of.identity.id && wanted.role !== null ? Promise.resolve([...byRole[wanted.role] ?? []] as UserId[]) : before(tx, wanted))
  }
}

export type Approvers = { quorum?: number; role?: Role | null; exclude_requester?: boolean; minutes?: number | null }

/** A note of the person's whose deletion waits for those people; the note and its checkpoint. */
export async function holdDeletion(person: Person, approvers?: Approvers): Promise<{ note: string; id: string; body: Answer['body'] }> {
  const { body: note } = await person.post('/api/v2/notes', { title: 'cnry-secret' })
  const { status, body } = await person.post('/api/v2/governance/checkpoints', { tool: 'notes.delete', args: { note_id: note.id }, ...(approvers ? { approvers } : {}) })
  assert.equal(status, 201, JSON.stringify(body))
  return { note: note.id, id: body.id, body }
}

export const isBinned = async (person: Person, note: string): Promise<boolean> => (await person.get(`/api/v2/notes/${note}`)).body.binned_at !== null

/** People with a live session each, written by the owner of the database: many voters without many passwords. */
export async function callers(world: World, count: number): Promise<Caller[]> {
  const made = Array.from({ length: count }, (): Caller => {
    const userId = newId<UserId>()
    return { userId, identityId: newId<IdentityId>(), sessionId: newId<SessionId>(), actor: { kind: 'person', id: userId }, proof: NO_PROOF }
  })
  const columns = [made.map(({ userId }) => userId), made.map(({ identityId }) => identityId), made.map(({ sessionId }) => sessionId)]
  await world.owner.query(`insert into users (id, email, email_key, name, password_hash, created_at, updated_at) select u, u || '@example.org', u || '@example.org', 'Voter', 'x', now(), now() from unnest($1::uuid[]) u`, [columns[0]])
  await world.owner.query(`insert into identities (id, user_id, type, name, is_default, created_at, updated_at) select i, u, 'personal', 'Voter', true, now(), now() from unnest($1::uuid[], $2::uuid[]) x(u, i)`, columns.slice(0, 2))
  await world.owner.query(`insert into sessions (id, user_id, identity_id, created_at, refreshed_at, expires_at) select s, u, i, now(), now(), now() + interval '1 day' from unnest($1::uuid[], $2::uuid[], $3::uuid[]) x(u, i, s)`, columns)
  return made
}

export const actionsOf = async (world: World, person: Person, action: string): Promise<number> =>
  (await world.owner.query(`select count(*)::int as count from audit_events where identity_id = $1 and action = $2`, [person.identity.id, action])).rows[0].count

/** Events of a name that a user hears, oldest first. */
export const toldTo = async (world: World, person: Person, name: string): Promise<Array<{ identity_id: string | null; data: Record<string, unknown> }>> =>
  (await world.owner.query(`select identity_id, data from events where user_id = $1 and name = $2 order by id`, [person.user.id, name])).rows
