import { ROLES, type Role } from '../policies/requirement.ts'

/** Who may manage an organisation: its members, invitations and identities. */
export const MANAGERS: readonly Role[] = ['owner', 'admin']
/** Who may work with identities of it. */
export const WORKERS: readonly Role[] = ['owner', 'admin', 'member']
/** Who may read the record of its identities. */
export const READERS: readonly Role[] = ['owner', 'admin', 'auditor']

/** Roles that decide where at least this one is asked for: those above it too, and never an auditor. */
export const decidersFrom = (role: Role): Role[] => ROLES.slice(0, ROLES.indexOf(role) + 1).filter((one) => one !== 'auditor')

/** Whether somebody of one role may give, change or take away another: owners all, admins what is below an owner. */
export const mayManage = (own: Role, other: Role): boolean => own === 'owner' || (own === 'admin' && other !== 'owner')
