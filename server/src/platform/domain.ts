import type { AnyAction } from './action.ts'
import type { Route } from './http/route.ts'
import type { Job } from './jobs/job.ts'

/** The manifest of a domain: what it owns, what it stands on, and what it offers. No logic. */
export type Domain = {
  name: string
  /** Tables that only this domain's queries.ts may name. */
  tables: string[]
  /** Domains above this one whose verbs, rules, contract, events and errors it may use. */
  uses: string[]
  /** Tables of others that a read domain joins. */
  reads?: string[]
  actions: AnyAction[]
  routes: Route[]
  /** Its background work. */
  jobs?: Job[]
}
