import type { Compilable } from 'kysely'
import { statement } from '../../../platform/db/statement.ts'

export type AllowanceRow = { key_id: string | null; scopes: string[] | null; spheres: number[] | null; key_live: boolean; left_of_identity: string; left_of_key: string | null }

/** By which key something is done: that of its session, of the run that it belongs to, or the one that asked for it. */
export type Worker = { identityId: string; sessionId: string | null; runId: string | null; keyId: string | null; period: string; defaultLimit: number; now: Date }

const ALLOWANCE = `
  with k as (
    select k.id, k.scopes, k.spheres, k.revoked_at is null and k.expires_at > $7 as live from api_keys k
    where k.identity_id = $1 and (k.session_id = $2 or k.id = $4 or k.session_id = (select r.session_id from nova_runs r where r.id = $3)) limit 1
  ), b as (
    select distinct on (b.scope) b.scope, case when b.period = $5 then b.credit_limit - b.used - b.reserved else b.credit_limit end as credits_left
    from budgets b where b.identity_id = $1 and (b.scope = 'identity' or b.scope_id = (select id from k)) order by b.scope, b.period desc
  )
  select k.id as key_id, k.scopes, k.spheres, coalesce(k.live, true) as key_live,
    coalesce((select b.credits_left from b where b.scope = 'identity'), $6::bigint) as left_of_identity, (select b.credits_left from b where b.scope = 'api_key') as left_of_key
  from (select 1) one left join k on true`

/** What somebody who works for a person may still do: the rights of their key, and the credits that are left. */
export const readAllowance = ({ identityId, sessionId, runId, keyId, period, defaultLimit, now }: Worker): Compilable<AllowanceRow> =>
  statement(ALLOWANCE, [identityId, sessionId, runId, keyId, period, defaultLimit, now])
