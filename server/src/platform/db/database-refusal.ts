import { StartupError } from '../startup-error.ts'

const SENTENCES: Record<string, string> = {
  '28P01': 'PostgreSQL refuses that user or password',
  '28000': 'PostgreSQL refuses that user',
  '3D000': 'that database does not exist',
  '25006': 'that PostgreSQL is a standby, which cannot be written; name the primary',
  '53300': 'that PostgreSQL has no connection left; raise its max_connections or lower DATABASE_POOL',
  '57P03': 'that PostgreSQL is starting or stopping; try again in a moment',
}

/**
 * The sentence for the operator when the database refuses what its owner needs at the start: to get in, to make tables,
 * schemas and roles, to write. Other errors pass unchanged. A refusal of rights names objects of ours, never a value.
 */
export function databaseRefusal(error: unknown): unknown {
  if (error instanceof StartupError || !(error instanceof Error)) return error
  const { code = '' } = error as { code?: string }
  if (SENTENCES[code]) return new StartupError(`DATABASE_URL: ${SENTENCES[code]}.`)
  if (code === '42501') return new StartupError(`DATABASE_URL: that user may not do what a start needs (${error.message}); make it the owner of the database, with CREATEROLE.`)
  if (/SSL|certificate/i.test(error.message)) return new StartupError(`DATABASE_URL: no secure connection (${error.message}); see sslmode in the documentation of pg.`)
  if (error.message.startsWith('corrupted migrations')) return new StartupError(`The database was migrated by another release of CHE·NU (${error.message}); start that release, or a newer one.`)
  return error
}
