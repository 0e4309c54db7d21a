import { sql, type Compilable } from 'kysely'
import { statement } from '../../platform/db/statement.ts'
import type { Queries } from '../../platform/db/store.ts'

// What is written here is written as our service, after the role was looked at: see membership.ts.

export const insertOrganisation = (db: Queries, o: { id: string; name: string; at: Date }) =>
  db.insertInto('organisations').values({ id: o.id, name: o.name, created_at: o.at, updated_at: o.at }).returningAll()

export const renameOrganisation = (db: Queries, id: string, { name, at }: { name: string; at: Date }) =>
  db.updateTable('organisations').set((eb) => ({ name, updated_at: at, version: eb('version', '+', 1) })).where('id', '=', id).returningAll()

/** Holds the organisation, so that changes of its members happen one after the other. */
export const lockOrganisation = (db: Queries, id: string) => db.selectFrom('organisations').select('id').where('id', '=', id).forUpdate()

const withRole = (db: Queries, userId: string) => db.selectFrom('organisations as o').innerJoin('organisation_members as m', 'm.organisation_id', 'o.id')
  .select(['o.id', 'o.name', 'o.version', 'o.created_at', 'o.updated_at', 'm.role']).where('m.user_id', '=', userId)

/** An organisation that one is a member of, with one's role. */
export const findOrganisation = (db: Queries, userId: string, id: string) => withRole(db, userId).where('o.id', '=', id)

/** Those that one is a member of, oldest first, one more than `limit`. */
export const listOrganisations = (db: Queries, userId: string, f: { after?: string | undefined; limit: number }) =>
  withRole(db, userId).$if(f.after !== undefined, (q) => q.where('o.id', '>', f.after ?? '')).orderBy('o.id').limit(f.limit + 1)

export const countOrganisations = (db: Queries, userId: string) =>
  db.selectFrom('organisation_members').select((eb) => eb.fn.countAll<string>().as('count')).where('user_id', '=', userId)

export const findMember = (db: Queries, organisationId: string, userId: string) =>
  db.selectFrom('organisation_members').selectAll().where('organisation_id', '=', organisationId).where('user_id', '=', userId)

/** The same, held until the transaction ends: a role that was looked at does not change before what it allows is done. */
export const holdMember = (db: Queries, organisationId: string, userId: string) => findMember(db, organisationId, userId).forShare()

type NewMember = { organisationId: string; userId: string; role: string; at: Date }

/** No row for somebody who is a member already. */
export const insertMember = (db: Queries, m: NewMember) => db.insertInto('organisation_members')
  .values({ organisation_id: m.organisationId, user_id: m.userId, role: m.role, joined_at: m.at }).onConflict((conflict) => conflict.columns(['organisation_id', 'user_id']).doNothing()).returningAll()

export const countMembers = (db: Queries, organisationId: string) =>
  db.selectFrom('organisation_members').select((eb) => [eb.fn.countAll<string>().as('members'), eb.fn.countAll<string>().filterWhere('role', '=', 'owner').as('owners')]).where('organisation_id', '=', organisationId)

export const changeRole = (db: Queries, organisationId: string, userId: string, role: string) =>
  db.updateTable('organisation_members').set({ role }).where('organisation_id', '=', organisationId).where('user_id', '=', userId).returningAll()

export const deleteMember = (db: Queries, organisationId: string, userId: string) =>
  db.deleteFrom('organisation_members').where('organisation_id', '=', organisationId).where('user_id', '=', userId).returningAll()

/** Members with their names, one more than `limit`. */
export const listMembers = (db: Queries, organisationId: string, f: { after?: string | undefined; limit: number }) =>
  db.selectFrom('organisation_members as m').innerJoin('users as u', 'u.id', 'm.user_id').select(['m.organisation_id', 'm.user_id', 'm.role', 'm.joined_at', 'u.name']).where('m.organisation_id', '=', organisationId)
    .$if(f.after !== undefined, (q) => q.where('m.user_id', '>', f.after ?? '')).orderBy('m.user_id').limit(f.limit + 1)

type NewInvitation = { id: string; organisationId: string; email: string; emailKey: string; role: string; by: string; at: Date; expiresAt: Date }

export const insertInvitation = (db: Queries, i: NewInvitation) => db.insertInto('organisation_invitations').values({
  id: i.id, organisation_id: i.organisationId, email: i.email, email_key: i.emailKey, role: i.role, invited_by: i.by, created_at: i.at, expires_at: i.expiresAt,
}).returningAll()

const isOpen = sql<boolean>`accepted_at is null and revoked_at is null`

export const countOpenInvitations = (db: Queries, organisationId: string, now: Date) =>
  db.selectFrom('organisation_invitations').select((eb) => eb.fn.countAll<string>().as('count')).where('organisation_id', '=', organisationId).where(isOpen).where('expires_at', '>', now)

export const findInvitation = (db: Queries, id: string) => db.selectFrom('organisation_invitations').selectAll().where('id', '=', id)

export const listInvitations = (db: Queries, organisationId: string, f: { before?: string | undefined; limit: number }) =>
  db.selectFrom('organisation_invitations').selectAll().where('organisation_id', '=', organisationId)
    .$if(f.before !== undefined, (q) => q.where('id', '<', f.before ?? '')).orderBy('id', 'desc').limit(f.limit + 1)

export const revokeInvitation = (db: Queries, id: string, now: Date) =>
  db.updateTable('organisation_invitations').set((eb) => ({ revoked_at: now, version: eb('version', '+', 1) })).where('id', '=', id).where(isOpen).where('expires_at', '>', now).returningAll()

/** Gives an invitation its token's hash, to be shown once; of any number who ask at once, one gets the row. */
export const showInvitation = (db: Queries, id: string, { hash, now }: { hash: string; now: Date }) =>
  db.updateTable('organisation_invitations').set({ token_hash: hash, shown_at: now }).where('id', '=', id).where('shown_at', 'is', null).where('mailed_at', 'is', null).where(isOpen).where('expires_at', '>', now).returningAll()

/** Takes an invitation that has not left yet for one attempt to mail it. */
export const claimUnsent = (db: Queries, { hash, now }: { hash: string; now: Date }) =>
  db.updateTable('organisation_invitations').set({ token_hash: hash, mailed_at: now, mail_fate: 'sending' })
    .where('id', '=', (eb) => eb.selectFrom('organisation_invitations').select('id').where('mailed_at', 'is', null).where('shown_at', 'is', null).where(isOpen).where('expires_at', '>', now).orderBy('id').limit(1).forUpdate().skipLocked())
    .returningAll()

/** What became of the e-mail; `later` gives the invitation back for another attempt, with another token. */
export const settleMail = (db: Queries, id: string, fate: string) =>
  db.updateTable('organisation_invitations').set({ mail_fate: fate, ...(fate === 'later' ? { mailed_at: null, token_hash: null } : {}) }).where('id', '=', id)

/** The name under which an inviter writes, and where answers go. */
export const findInviter = (db: Queries, i: { userId: string; organisationId: string }) =>
  db.selectFrom('users as u').innerJoin('organisations as o', (join) => join.on('o.id', '=', i.organisationId)).select(['u.name', 'u.email', 'o.name as organisation']).where('u.id', '=', i.userId)

/**
 * Spends an invitation for the person whose address it names. One conditional statement: of any number of uses at once, one
 * gets the row.
 */
export const acceptInvitation = (db: Queries, a: { hash: string; userId: string; now: Date }) =>
  db.updateTable('organisation_invitations').set({ accepted_at: a.now }).where('token_hash', '=', a.hash).where(isOpen).where('expires_at', '>', a.now)
    .where('email_key', '=', (eb) => eb.selectFrom('users').select('email_key').where('id', '=', a.userId)).returningAll()

export const findByToken = (db: Queries, hash: string) => db.selectFrom('organisation_invitations').selectAll().where('token_hash', '=', hash)

/** Whether a person may read the record of an identity of their organisation. */
export const mayAudit = (userId: string, identityId: string): Compilable<{ may: boolean }> => statement('select may_audit($1, $2) as may', [userId, identityId])

/** The organisation that an identity belongs to; null: none. */
export const findOrganisationOf = (db: Queries, identityId: string) => db.selectFrom('identities').select('organisation_id').where('id', '=', identityId)

/** Who may decide for an identity: its own person, or the members of its organisation with one of these roles. */
export const listDecidersOf = (identityId: string, roles: string[]): Compilable<{ user_id: string }> => statement(`
  select i.user_id from identities i where i.id = $1 and (cardinality($2::text[]) = 0 or i.organisation_id is null)
  union select m.user_id from identities i join organisation_members m on m.organisation_id = i.organisation_id where i.id = $1 and m.role = any ($2::text[])
  order by 1 limit 1000`, [identityId, roles])

export type OrganisationRow = Awaited<ReturnType<ReturnType<typeof findOrganisation>['executeTakeFirstOrThrow']>>
export type MemberRow = Awaited<ReturnType<ReturnType<typeof findMember>['executeTakeFirstOrThrow']>>
export type InvitationRow = Awaited<ReturnType<ReturnType<typeof findInvitation>['executeTakeFirstOrThrow']>>
