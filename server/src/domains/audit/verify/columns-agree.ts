import type { LinkRow } from '../queries.ts'

type Said = { id?: unknown; at?: unknown; identity_id?: unknown; action?: unknown; outcome?: unknown; resource?: { type?: unknown; id?: unknown } | null; actor?: { kind?: unknown; id?: unknown } } | null

/** True when the columns that filters search say what the hashed body says. */
export function columnsAgree(row: LinkRow): boolean {
  const said = JSON.parse(row.body) as Said
  return said?.id === row.id && said.at === row.at.toISOString() && said.identity_id === row.identity_id && said.action === row.action && said.outcome === row.outcome
    && (said.resource?.type ?? null) === row.resource_type && (said.resource?.id ?? null) === row.resource_id
    && (said.actor?.kind === 'person' ? null : said.actor?.id) === row.agent
}
